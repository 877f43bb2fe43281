/* JSON, on cJSON, behind a thin face so that only this room knows the library.
 * A reader room gets values by key with the file's name in every error; a writer builds objects and prints them.
 * NaN and infinity are written as null. Numbers keep 17 significant digits only where needed. */
#ifndef TRAJ_IO_JSON_H
#define TRAJ_IO_JSON_H

#include "traj/base/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct traj_json traj_json; /* an object, array or value; owned by its root */

/* Errors: TRAJ_E_DATA with file:line: and what is wrong; TRAJ_E_IO; TRAJ_E_MEMORY. Free the root with traj_json_free. */
traj_status traj_json_parse(const char *file, const char *text, size_t size, traj_json **root,
                            traj_error *err);
traj_status traj_json_read(const char *path, traj_json **root, traj_error *err);
void traj_json_free(traj_json *root);

const traj_json *traj_json_get(const traj_json *object, const char *key); /* NULL: absent */
size_t traj_json_count(const traj_json *array);
const traj_json *traj_json_at(const traj_json *array, size_t index);
const char *traj_json_key(const traj_json *member); /* the key of an object's member, "" in arrays */
bool traj_json_number(const traj_json *value, double *number); /* false: not a number */
const char *traj_json_string(const traj_json *value);          /* NULL: not a string */
bool traj_json_bool(const traj_json *value, bool *truth);

/* Building. Every call accepts a NULL object and then does nothing, so that only the end checks: traj_json_write fails with
 * TRAJ_E_MEMORY if anything could not be built. */
traj_json *traj_json_object(void);
traj_json *traj_json_set_object(traj_json *object, const char *key);
traj_json *traj_json_set_array(traj_json *object, const char *key);
void traj_json_set_number(traj_json *object, const char *key, double number);
void traj_json_set_string(traj_json *object, const char *key, const char *text);
void traj_json_set_bool(traj_json *object, const char *key, bool truth);
traj_json *traj_json_append_object(traj_json *array);
void traj_json_append_number(traj_json *array, double number);
void traj_json_append_string(traj_json *array, const char *text);

/* Pretty (indented) text, owned by the caller (traj_free), NULL when memory ended. */
char *traj_json_text(const traj_json *root, bool pretty);
traj_status traj_json_write(const char *path, const traj_json *root, traj_error *err);

#endif
