/* Any bytes as a compressed file: no crash, nothing but bad data, and the same text piece by piece
 * as all at once. */
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/input.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    traj_input *whole, *parts;
    const char *bytes = NULL, *piece = NULL;
    size_t length = 0, part = 0, at = 0;
    traj_error err;
    TRAJ_ASSERT(traj_input_over(&whole, "f", (const char *)data, size, &err) == TRAJ_OK);
    TRAJ_ASSERT(traj_input_over(&parts, "f", (const char *)data, size, &err) == TRAJ_OK);
    const traj_status status = traj_input_all(whole, &bytes, &length, &err);
    TRAJ_ASSERT(status == TRAJ_OK || (status == TRAJ_E_DATA && strncmp(err.text, "f: ", 3) == 0));
    traj_status again = TRAJ_OK;
    do {
        again = traj_input_piece(parts, &piece, &part, &err);
        if (again == TRAJ_OK && status == TRAJ_OK)
            TRAJ_ASSERT(at + part <= length && memcmp(bytes + at, piece, part) == 0);
        at += part;
    } while (again == TRAJ_OK && part > 0);
    TRAJ_ASSERT(again == status && (status != TRAJ_OK || at == length));
    traj_input_close(whole);
    traj_input_close(parts);
    return 0;
}
