/* Any bytes as CSV: no crash, the rows of libcsv alone, and each number as strtod reads it. The
 * first byte chooses the delimiter. */
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/csv.h"
#include "unit/io_csv_twin.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static traj_status check_numbers(void *context, const traj_csv_row *row, traj_error *err)
{
    (void)context, (void)err;
    TRAJ_ASSERT(row->fields > 0 && row->line > 0);
    for (size_t i = 0; i < row->fields; i++) {
        double value, expected = strtod(row->field[i], NULL);
        if (traj_csv_number(row->field[i], &value) != 0) continue;
        TRAJ_ASSERT(isnan(value) || memcmp(&value, &expected, sizeof value) == 0);
    }
    return TRAJ_OK;
}

static void compare_with_libcsv(const char *bytes, size_t size, char delimiter)
{
    csv_dump ours = {0}, theirs = {0};
    traj_status expected = csv_dump_libcsv(&theirs, bytes, size, delimiter);
    TRAJ_ASSERT(csv_dump_ours(&ours, bytes, size, delimiter, NULL) == expected);
    TRAJ_ASSERT(ours.used == theirs.used && memcmp(ours.text, theirs.text, ours.used) == 0);
    traj_free(ours.text);
    traj_free(theirs.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 500000)
        return 0; /* longer rows are refused, which libcsv alone does not do */
    const char *bytes = (const char *)data;
    traj_error err;
    traj_status status = traj_csv_parse("fuzz.csv", bytes, size, check_numbers, NULL, &err);
    TRAJ_ASSERT(status == TRAJ_OK || status == TRAJ_E_DATA);
    if (!memchr(bytes, '\0', size))
        compare_with_libcsv(bytes + 1, size - 1, ",;\t"[(unsigned char)bytes[0] % 3]);
    return 0;
}
