/* A file that is read once from front to back: a look at its head, then line by line, piece by
 * piece, or all at once. Files of any size pass through a buffer of a few pieces, or of the longest
 * line.
 *
 * What is compressed by gzip, bzip2 or zstd, by its first bytes, is read as what it unpacks to. A
 * UTF-8 byte order mark at the beginning is skipped. Errors: TRAJ_E_IO with the path and the
 * system's reason, TRAJ_E_MEMORY, TRAJ_E_DATA for an archive that is cut short, damaged, or unpacks
 * to hundreds of times its size. Threads: any, different inputs. */
#ifndef TRAJ_IO_INPUT_H
#define TRAJ_IO_INPUT_H

#include "traj/base/status.h"
#include "traj/io/digest.h"
#include <stddef.h>

typedef struct traj_input traj_input;

/* "-" is stdin. *input is set only on success, here as below. */
traj_status traj_input_open(traj_input **input, const char *path, traj_error *err);

/* Bytes in memory, compressed or not, under the name of a file; a view while the input is open. */
traj_status traj_input_over(traj_input **input, const char *name, const char *bytes, size_t size,
                            traj_error *err);
void traj_input_close(traj_input *input); /* NULL: nothing */

const char *traj_input_name(const traj_input *input); /* for messages */

/* Bytes of the file as it lies there, compressed or not; 0: it is standard input, or no plain
 * file. */
size_t traj_input_file_size(const traj_input *input);

/* The share of the file, or memory, that has been read; 1 where that is not known. Threads: any,
 * while one reads. */
double traj_input_share(const traj_input *input);

/* Of the file's bytes, all of them, whatever has been read. Errors: those of
 * traj_digest_descriptor. */
traj_status traj_input_digest(const traj_input *input, traj_digest *digest, traj_error *err);

/* Lets go of what has been read: views end, and nothing is read any more. For many files in a row.
 */
void traj_input_drop(traj_input *input);

enum { TRAJ_INPUT_HEAD = 65536 };

/* The first bytes, up to TRAJ_INPUT_HEAD, to recognise the file by: whatever is read next begins
 * with them again. Before anything else is read. A view until then. */
traj_status traj_input_peek(traj_input *input, const char **head, size_t *size, traj_error *err);

/* The next bytes, as many as are at hand; *size is 0 at the end. A view until the next call. */
traj_status traj_input_piece(traj_input *input, const char **bytes, size_t *size, traj_error *err);

/* The same, but ending in an LF, or with the file: whole lines, at least one. */
traj_status traj_input_whole_lines(traj_input *input, const char **bytes, size_t *size,
                                   traj_error *err);

/* All that is left, and a NUL that *size does not count. 64-byte aligned where nothing has been
 * read. A view until the input is closed. */
traj_status traj_input_all(traj_input *input, const char **bytes, size_t *size, traj_error *err);

/* The next line that is not blank, of any length, without its end (LF or CRLF), with a NUL behind
 * it. *text is NULL at the end. A view until the next call; the caller may write into it. Errors
 * also: TRAJ_E_DATA for a NUL byte within. */
traj_status traj_input_line(traj_input *input, char **text, size_t *length, traj_error *err);
long traj_input_line_number(const traj_input *input); /* of that line, 1-based */

/* Shows all lines that are left to visit, as traj_input_line gives them. A status other than
 * TRAJ_OK stops the reading and is passed on. */
typedef traj_status traj_input_visit(void *context, char *text, size_t length, long line,
                                     traj_error *err);
traj_status traj_input_lines(traj_input *input, traj_input_visit *visit, void *context,
                             traj_error *err);

#endif
