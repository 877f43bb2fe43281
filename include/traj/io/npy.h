/* NumPy's .npy: one array of numbers, read in place and written.
 *
 * "\x93NUMPY", a version, the length of a header, the header as a Python dictionary
 *   {'descr': '<f4', 'fortran_order': False, 'shape': (60, 30, 11, 2), }
 * and the numbers. Versions 1, 2 and 3 differ in the header's length alone. Read are little-endian
 * floats of four and eight bytes in C order, the last index running fastest. Source: NumPy
 * Enhancement Proposal 1, numpy.lib.format. Threads: any. */
#ifndef TRAJ_IO_NPY_H
#define TRAJ_IO_NPY_H

#include "traj/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TRAJ_NPY_DIMS = 8 };

typedef struct traj_npy {
    int dims; /* 0: one number */
    size_t shape[TRAJ_NPY_DIMS];
    size_t count;     /* of numbers: the product of shape */
    bool is_double;   /* '<f8', else '<f4' */
    const char *data; /* view into the file's bytes, not aligned */
} traj_npy;

/* Whether bytes begin as such a file does. */
bool traj_npy_begins(const char *bytes, size_t size);

/* Finds the array in the bytes of the file named `file`. Errors: TRAJ_E_DATA with what was
 * expected and the call of NumPy that saves it so: no such file, cut short, bytes left over,
 * another version, dtype, byte order or order of indices, more than TRAJ_NPY_DIMS, a negative or
 * overflowing shape. Cost: the header only. */
traj_status traj_npy_parse(const char *file, const char *bytes, size_t size, traj_npy *array,
                           traj_error *err);

/* Number i < count in C order; NaN and infinity as they stand. */
double traj_npy_at(const traj_npy *array, size_t i);

/* "(60, 30, 11, 2)", cut to fit. */
void traj_npy_shape_text(const traj_npy *array, char *text, size_t size);

/* Begins a file of four-byte floats with this shape, 1 to TRAJ_NPY_DIMS dims; its numbers follow
 * one by one, in C order. The stream's owner finds out whether it was written. */
void traj_npy_write_header(FILE *stream, const size_t *shape, int dims);
void traj_npy_write_number(FILE *stream, float number);

#endif
