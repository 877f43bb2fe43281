/* Runs a fuzz target on the files of a corpus, so that every compiler can replay what libFuzzer
 * once found. Usage: csv_fuzz FILE...; exits 0 when every file ran and none made the target abort.
 */
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        char *bytes;
        size_t size;
        traj_error err;
        if (traj_file_read(arguments[i], &bytes, &size, &err) != TRAJ_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
        traj_free(bytes);
    }
    printf("%d inputs\n", count - 1);
    return count < 2; /* an empty corpus tests nothing */
}
