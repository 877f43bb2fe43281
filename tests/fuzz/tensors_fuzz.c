/* Any bytes as a tensor container: no crash, and what is accepted keeps every promise of tensors.h.
 */
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/tensors.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tensor(const traj_tensors *tensors, const traj_tensor *tensor)
{
    size_t item = traj_dtype_size(tensor->dtype), bytes = traj_tensor_items(tensor) * item;
    const char *start = tensor->data;
    TRAJ_ASSERT(tensor->dims >= 0 && tensor->dims <= TRAJ_TENSOR_DIMS);
    TRAJ_ASSERT((uintptr_t)start % item == 0);
    TRAJ_ASSERT(start >= tensors->bytes && bytes <= tensors->size);
    TRAJ_ASSERT(start + bytes <= tensors->bytes + tensors->size);
    TRAJ_ASSERT(traj_tensors_find(tensors, tensor->name) == tensor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = traj_alloc(size, 1);
    TRAJ_ASSERT(bytes);
    if (size > 0) memcpy(bytes, data, size);
    traj_tensors tensors;
    traj_error err;
    traj_status status = traj_tensors_parse("fuzz.safetensors", bytes, size, &tensors, &err);
    TRAJ_ASSERT(status == TRAJ_OK || status == TRAJ_E_DATA);
    if (status) {
        TRAJ_ASSERT(err.text[0] != '\0' && !strchr(err.text, '\n'));
        traj_free(bytes);
        return 0;
    }
    for (size_t i = 0; i < tensors.count; i++) check_tensor(&tensors, &tensors.tensor[i]);
    for (size_t i = 0; i < tensors.metas; i++)
        TRAJ_ASSERT(traj_tensors_meta(&tensors, tensors.meta[i].key));
    traj_tensors_free(&tensors);
    return 0;
}
