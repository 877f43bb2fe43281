#include "recording_report.h"

#include "traj/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static traj_report_agent *find_agent(const traj_recording_report *report, const traj_agent *agent)
{
    for (size_t i = 0; i < report->agents; i++) {
        const traj_agent *known = &report->agent[i].agent;
        if (known->team == agent->team && strcmp(known->id, agent->id) == 0)
            return &report->agent[i];
    }
    return NULL;
}

static traj_report_agent *add_agent(traj_recording_report *report, const traj_agent *agent)
{
    if (traj_grow(&report->agent, &report->capacity, report->agents + 1, sizeof *report->agent))
        return NULL;
    traj_report_agent *added = &report->agent[report->agents++];
    *added = (traj_report_agent){.agent = *agent};
    return added;
}

/* of[a]: where agent a of the sequence is reported. Returns 0, or -1 when memory ends. */
static int place_agents(traj_recording_report *report, const traj_sequence *sequence, size_t *of)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        const traj_agent *const here = &sequence->agent[a];
        traj_report_agent *to = find_agent(report, here);
        if (!to) to = add_agent(report, here);
        if (!to) return -1;
        to->sequences++;
        if (here->first_frame < to->agent.first_frame) to->agent.first_frame = here->first_frame;
        if (here->last_frame > to->agent.last_frame) to->agent.last_frame = here->last_frame;
        of[a] = (size_t)(to - report->agent);
    }
    return 0;
}

/* Adds what a frame shows of everybody who takes part then. */
static void count_frame(traj_recording_report *report, const traj_sequence *sequence, size_t t,
                        const size_t *of)
{
    const int64_t frame = sequence->frame_id[t];
    for (size_t a = 0; a < sequence->agents; a++) {
        const size_t at = t * sequence->agents + a;
        const traj_agent *const here = &sequence->agent[a];
        traj_report_agent *const to = &report->agent[of[a]];
        if (frame < here->first_frame || frame > here->last_frame) continue;
        to->frames++;
        to->missing += isnan(sequence->pos_m[2 * at]) != 0;
        to->estimated += sequence->extrapolated != NULL && sequence->extrapolated[at];
    }
}

static int count_agents(traj_recording_report *report, const traj_sequence *sequence)
{
    size_t *const of = traj_alloc(sequence->agents, sizeof *of);
    int result = of == NULL ? -1 : place_agents(report, sequence, of);
    for (size_t t = 0; t < sequence->frames && result == 0; t++)
        count_frame(report, sequence, t, of);
    traj_free(of);
    return result;
}

/* Home, away, the ball; in a team whoever comes on first, and of those the lowest shirt. */
static int compare_agents(const void *left, const void *right)
{
    const traj_agent *a = &((const traj_report_agent *)left)->agent;
    const traj_agent *b = &((const traj_report_agent *)right)->agent;
    if (a->team != b->team) return a->team < b->team ? -1 : 1;
    if (a->first_frame != b->first_frame) return a->first_frame < b->first_frame ? -1 : 1;
    if (a->jersey != b->jersey) return a->jersey < b->jersey ? -1 : 1;
    return strcmp(a->id, b->id);
}

traj_status traj_recording_report_make(const traj_recording *recording,
                                       traj_recording_report *report, traj_error *err)
{
    memset(report, 0, sizeof *report);
    for (size_t s = 0; s < recording->sequences; s++)
        if (count_agents(report, &recording->sequence[s]) != 0) {
            traj_recording_report_free(report);
            return traj_fail_memory(err, "the report on a recording");
        }
    if (report->agents > 1)
        qsort(report->agent, report->agents, sizeof *report->agent, compare_agents);
    return TRAJ_OK;
}

void traj_recording_report_free(traj_recording_report *report)
{
    traj_free(report->agent);
    memset(report, 0, sizeof *report);
}
