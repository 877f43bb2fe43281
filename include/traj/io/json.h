/* JSON, on cJSON, behind a thin face so that only this room knows the library.
 * A reader room gets values by key with the file's name in every error; a writer builds objects and
 * prints them. NaN and infinity are written as null. Numbers are the shortest text of 15 to 17
 * digits that reads back as the same double; whole numbers below 2^53 have no exponent.
 *
 * Reading takes what cJSON takes, which is a little more than RFC 8259 (control characters in
 * strings, `1.`); bare NaN and Infinity are refused with a sentence that says so, unless the caller
 * takes them for null. Of several members with one key the first counts. Threads: trees are
 * independent, but parsing is for one thread at a time (cJSON keeps the last error in a global). */
#ifndef TRAJ_IO_JSON_H
#define TRAJ_IO_JSON_H

#include "traj/io/input.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct traj_json traj_json; /* an object, array or value; owned by its root */

/* text[0..size) need not end in NUL. Errors: TRAJ_E_DATA with file:line: and what is wrong;
 * TRAJ_E_IO; TRAJ_E_MEMORY. Free the root with traj_json_free. */
traj_status traj_json_parse(const char *file, const char *text, size_t size, traj_json **root,
                            traj_error *err);

/* A piece of a file: a line of JSONL, an element of a long array. */
typedef struct traj_json_part {
    const char *file; /* view: for messages */
    long line;        /* of the file, where the piece begins; 1-based */
    bool nan;         /* bare NaN, Infinity and -Infinity are null: Python's json writes them */
} traj_json_part;
traj_status traj_json_parse_part(const traj_json_part *part, const char *text, size_t size,
                                 traj_json **root, traj_error *err);

/* The elements of one array one after the other, each parsed on its own, so that a file of any size
 * takes as much memory as its longest element. The array is the member `key` of the file's object,
 * or, where key is NULL, the file itself. What else the object holds is passed over without being
 * looked at. line: where the element begins. A status other than TRAJ_OK stops the reading and is
 * passed on. Errors: those of parsing, of an input, and TRAJ_E_DATA where there is no such array.
 */
typedef traj_status traj_json_visit(void *context, const traj_json *element, long line,
                                    traj_error *err);
traj_status traj_json_stream(traj_input *input, const char *key, bool nan, traj_json_visit *visit,
                             void *context, traj_error *err);

/* The same for JSON lines: each line that is not blank is a value of its own. */
traj_status traj_json_lines(traj_input *input, bool nan, traj_json_visit *visit, void *context,
                            traj_error *err);

traj_status traj_json_read(const char *path, traj_json **root, traj_error *err);
void traj_json_free(traj_json *root); /* NULL: nothing */

/* Every question may be asked of NULL and of a value of the wrong kind: the answer is "absent". */
const traj_json *traj_json_get(const traj_json *object, const char *key); /* NULL: absent */
size_t traj_json_count(const traj_json *array);                           /* of objects too */
/* Cost: counts from the start. To visit all: for (m = traj_json_first(array); m; m =
 * traj_json_next(m)). */
const traj_json *traj_json_at(const traj_json *array, size_t index);
const traj_json *traj_json_first(const traj_json *array); /* NULL: empty */
const traj_json *traj_json_next(const traj_json *member); /* NULL: it was the last */
const char *
traj_json_key(const traj_json *member); /* the key of an object's member, "" in arrays */
bool traj_json_number(const traj_json *value, double *number); /* false: not a number */
const char *traj_json_string(const traj_json *value);          /* NULL: not a string */
bool traj_json_bool(const traj_json *value, bool *truth);      /* false: neither true nor false */
bool traj_json_is_object(const traj_json *value);
bool traj_json_is_array(const traj_json *value);
bool traj_json_is_null(const traj_json *value); /* null itself; false: absent or anything else */

/* Building. Every call accepts a NULL object and then does nothing, so that only the end checks:
 * traj_json_write fails with TRAJ_E_MEMORY if anything could not be built. Setting a key again
 * replaces its value. Strings are UTF-8, copied; a byte that is none is printed as the character
 * that it is in ISO 8859-1, which spreadsheets write. */
traj_json *traj_json_object(void);
traj_json *traj_json_set_object(traj_json *object, const char *key);
traj_json *traj_json_set_array(traj_json *object, const char *key);
void traj_json_set_number(traj_json *object, const char *key, double number);
void traj_json_set_string(traj_json *object, const char *key, const char *text);
void traj_json_set_bool(traj_json *object, const char *key, bool truth);
traj_json *traj_json_append_object(traj_json *array);
traj_json *traj_json_append_array(traj_json *array);
void traj_json_append_number(traj_json *array, double number);
void traj_json_append_string(traj_json *array, const char *text);

/* Pretty (indented) text ending in a line feed, or one line without; owned by the caller
 * (traj_free), NULL when memory ended, here or while building. */
char *traj_json_text(const traj_json *root, bool pretty);
/* A text as it stands in JSON, escaped and between quotes; otherwise as traj_json_text. */
char *traj_json_quote(const char *text);
/* Pretty, atomically (file.h). */
traj_status traj_json_write(const char *path, const traj_json *root, traj_error *err);

#endif
