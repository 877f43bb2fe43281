/* See sampler_list.h. */
#include "sampler_list.h"
#include "traj/base/log.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static traj_status read_count(const char *text, const traj_model *model, traj_sampler_list *list,
                              traj_error *err)
{
    char *end;
    const double wanted = strtod(text, &end);
    if (end == text || *end || wanted < 0 || wanted > TRAJ_SAMPLER_STEPS || wanted != floor(wanted))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--steps: expected a whole number from 0 to %d or a list such as "
                         "100,10,1, got '%s'",
                         TRAJ_SAMPLER_STEPS, text);
    list->count = traj_model_type_of(model)->steps(model, (int)wanted, list->step);
    return TRAJ_OK;
}

/* ddpm numbers its steps, vdm's are times: the first of all steps says which. */
static traj_status check_list(const traj_model *model, const traj_sampler_list *list,
                              traj_error *err)
{
    double all[TRAJ_SAMPLER_STEPS];
    traj_model_type_of(model)->steps(model, 0, all);
    const bool whole = all[0] > 1;
    for (int i = 0; i < list->count; i++) {
        const double step = list->step[i];
        if (step > 0 && step <= all[0] && (!whole || step == floor(step)) &&
            (i == 0 || step < list->step[i - 1]))
            continue;
        return traj_fail(err, TRAJ_E_USAGE,
                         "--steps: %g is no step here: the list of a %s falls, from at most %g, %s",
                         step, traj_model_type_of(model)->name, all[0],
                         whole ? "in whole numbers, to at least 1" : "to above 0");
    }
    return TRAJ_OK;
}

traj_status traj_sampler_read(const char *text, const traj_model *model, traj_sampler_list *list,
                              traj_error *err)
{
    list->count = 0;
    if (!model || !traj_model_type_of(model)->steps) return TRAJ_OK;
    if (!strchr(text, ',')) return read_count(text, model, list, err);
    for (const char *at = text; *at;) {
        char *end;
        const double step = strtod(at, &end);
        if (end == at || (*end && *end != ',') || list->count == TRAJ_SAMPLER_STEPS)
            return traj_fail(err, TRAJ_E_USAGE,
                             "--steps: expected at most %d numbers with commas between, got '%s'",
                             TRAJ_SAMPLER_STEPS, text);
        list->step[list->count++] = step;
        at = *end ? end + 1 : end;
    }
    return check_list(model, list, err);
}

void traj_sampler_announce(const traj_sampler_list *list)
{
    enum { SHOWN = 24 };
    char text[512] = "";
    size_t length = 0;
    for (int i = 0; i < list->count && i < SHOWN; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, " %.4g", list->step[i]);
    if (list->count)
        traj_log_info("sampler steps, %d:%s%s", list->count, text,
                      list->count > SHOWN ? " ..." : "");
}

void traj_sampler_to_json(const traj_sampler_list *list, traj_json *root)
{
    if (!list->count) return;
    traj_json *const steps = traj_json_set_array(root, "sampler_steps");
    for (int i = 0; i < list->count; i++) traj_json_append_number(steps, list->step[i]);
}
