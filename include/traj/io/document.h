/* Small structured files, JSON or XML alike, as a walk over paths and values.
 *
 * Providers ship the same metadata now as XML, now as JSON; walked, both look alike:
 *
 *   <Team><Players><item><JerseyNo>7</JerseyNo></item></Players></Team>
 *   <Team><Players><item JerseyNo="7"/></Players></Team>                  /Players/item/JerseyNo
 *   {"Players": {"item": [{"JerseyNo": 7}]}}
 *
 * The outermost element or object is "" (there are several where the file is an array of objects).
 * Attributes are values below their element. The items of an array bear the array's own path. */
#ifndef TRAJ_IO_DOCUMENT_H
#define TRAJ_IO_DOCUMENT_H

#include "traj/io/input.h"

typedef enum traj_step_kind {
    TRAJ_STEP_BEGIN, /* an element or object opens */
    TRAJ_STEP_VALUE, /* a value: an attribute, a text, a number, true, false; "" for null */
    TRAJ_STEP_END    /* an element or object closes */
} traj_step_kind;

typedef struct traj_step {
    traj_step_kind kind;
    const char *file;  /* view: for messages */
    long line;         /* 1-based; 0: unknown, as in JSON */
    const char *path;  /* view: "/Players/item/JerseyNo" */
    const char *name;  /* view: its last part; of the outermost XML element its name, else "" */
    const char *value; /* view; "" but for values */
} traj_step;

/* A status other than TRAJ_OK stops the walk and is passed on. */
typedef traj_status traj_step_visit(void *context, const traj_step *step, traj_error *err);

/* Reads all of the input: XML where it begins with '<', else JSON. An XML element with text alone
 * begins, has a value and ends; in JSON it is a value only. Errors: TRAJ_E_DATA with file:line:,
 * TRAJ_E_IO, TRAJ_E_MEMORY. Threads: those of json.h. */
traj_status traj_document_read(traj_input *input, traj_step_visit *visit, void *context,
                               traj_error *err);

/* TRAJ_E_DATA with "file:line: path: sentence", the line where it is known. */
traj_status traj_step_fail(traj_error *err, const traj_step *step, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A step's value as a number, NaN where it is missing; a decimal comma will do. Errors:
 * TRAJ_E_DATA. */
traj_status traj_step_number(const traj_step *step, double *number, traj_error *err);

#endif
