/* The safetensors container (https://huggingface.co/docs/safetensors): 8 bytes header length
 * (little endian), a JSON header, raw tensors. docs/io.md describes it; docs/formats.md which
 * tensors our files hold. Weights keep PyTorch's layout. Threads: any, a container is constant once
 * read. */
#ifndef TRAJ_IO_TENSORS_H
#define TRAJ_IO_TENSORS_H

#include "traj/base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef enum traj_dtype { TRAJ_F32, TRAJ_F64, TRAJ_I64, TRAJ_U8 } traj_dtype;

enum { TRAJ_TENSOR_DIMS = 4 };

typedef struct traj_tensor {
    char name[96];
    traj_dtype dtype;
    int dims; /* 0: one value */
    int64_t shape[TRAJ_TENSOR_DIMS];
    /* View into the container's bytes (reading; aligned for its type) or the caller's memory
     * (writing), little endian. */
    const void *data;
} traj_tensor;

typedef struct traj_meta { /* one string pair of the header's __metadata__ */
    char key[64];
    char *value; /* reading: owned by the container; writing: view */
} traj_meta;

typedef struct traj_tensors {
    traj_tensor *tensor; /* owned, in the order of the header */
    size_t count;
    traj_meta *meta; /* owned */
    size_t metas;
    char *bytes; /* owned: the file */
    size_t size;
} traj_tensors;

/* Writes atomically. The header names the tensors in the given order, and reading gives them back
 * in it; in the data part those of 8-byte items come first, then 4, then 1, so that each is
 * aligned. Names must differ. Errors: TRAJ_E_IO, TRAJ_E_MEMORY. */
traj_status traj_tensors_write(const char *path, const traj_tensor *tensor, size_t count,
                               const traj_meta *meta, size_t metas, traj_error *err);

/* Reads and checks everything (lengths, holes, overlaps, shapes, dtypes, alignment, names twice): a
 * damaged or hostile file is TRAJ_E_DATA with a sentence. Fills *tensors only on success. */
traj_status traj_tensors_read(const char *path, traj_tensors *tensors, traj_error *err);
/* The same from memory; bytes from traj_alloc, owned by *tensors on success and only then. */
traj_status traj_tensors_parse(const char *path, char *bytes, size_t size, traj_tensors *tensors,
                               traj_error *err);
void traj_tensors_free(traj_tensors *tensors);

/* NULL when there is none of that name. */
const traj_tensor *traj_tensors_find(const traj_tensors *tensors, const char *name);
const char *traj_tensors_meta(const traj_tensors *tensors, const char *key);

size_t traj_dtype_size(traj_dtype dtype);
const char *traj_dtype_name(traj_dtype dtype); /* as in the header: "F32" */
size_t traj_tensor_items(const traj_tensor *tensor);

#endif
