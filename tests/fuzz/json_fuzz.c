/* Any bytes as JSON: no crash, and what is accepted is printed as text that reads back as the same
 * text. */
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/json.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const traj_json *root, bool pretty)
{
    traj_json *again;
    char *text = traj_json_text(root, pretty);
    TRAJ_ASSERT(text);
    TRAJ_ASSERT(traj_json_parse("again", text, strlen(text), &again, NULL) == TRAJ_OK);
    char *text_again = traj_json_text(again, pretty);
    TRAJ_ASSERT(text_again && strcmp(text, text_again) == 0);
    traj_json_free(again);
    traj_free(text_again);
    traj_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    traj_json *root;
    traj_error err;
    traj_status status = traj_json_parse("fuzz.json", (const char *)data, size, &root, &err);
    TRAJ_ASSERT(status == TRAJ_OK || status == TRAJ_E_DATA);
    if (status) {
        TRAJ_ASSERT(strncmp(err.text, "fuzz.json:", 10) == 0 && !strchr(err.text, '\n'));
        return 0;
    }
    check_round_trip(root, true);
    check_round_trip(root, false);
    traj_json_free(root);
    return 0;
}
