/* The safetensors container: 8 bytes header length (little endian), a JSON header, raw tensors.
 * docs/formats.md describes which tensors our files hold. Weights keep PyTorch's layout. */
#ifndef TRAJ_IO_TENSORS_H
#define TRAJ_IO_TENSORS_H

#include "traj/base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef enum traj_dtype { TRAJ_F32, TRAJ_F64, TRAJ_I64, TRAJ_U8 } traj_dtype;

typedef struct traj_tensor {
    char name[96];
    traj_dtype dtype;
    int dims;
    int64_t shape[4];
    const void *data; /* view into the file's bytes (reading) or the caller's memory (writing), little endian */
} traj_tensor;

typedef struct traj_meta { /* one string pair of the header's __metadata__ */
    char key[64];
    char *value; /* reading: owned by the container; writing: view */
} traj_meta;

typedef struct traj_tensors {
    traj_tensor *tensor; /* owned */
    size_t count;
    traj_meta *meta; /* owned */
    size_t metas;
    char *bytes; /* owned: the file */
    size_t size;
} traj_tensors;

/* Writes atomically. Tensors in the given order. Errors: TRAJ_E_IO, TRAJ_E_MEMORY. */
traj_status traj_tensors_write(const char *path, const traj_tensor *tensor, size_t count,
                               const traj_meta *meta, size_t metas, traj_error *err);

/* Reads and checks everything (lengths, overlaps, shapes, dtypes, alignment of offsets): a damaged or hostile file is TRAJ_E_DATA with a sentence. */
traj_status traj_tensors_read(const char *path, traj_tensors *tensors, traj_error *err);
/* The same from memory; takes ownership of bytes only on success. */
traj_status traj_tensors_parse(const char *path, char *bytes, size_t size, traj_tensors *tensors,
                               traj_error *err);
void traj_tensors_free(traj_tensors *tensors);

/* NULL when there is none of that name. */
const traj_tensor *traj_tensors_find(const traj_tensors *tensors, const char *name);
const char *traj_tensors_meta(const traj_tensors *tensors, const char *key);

size_t traj_dtype_size(traj_dtype dtype);
size_t traj_tensor_items(const traj_tensor *tensor);

#endif
