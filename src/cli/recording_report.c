#include "recording_report.h"

#include "traj/base/memory.h"
#include "traj/base/simd.h"

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

/* Agents looked at side by side, and the frames that each takes part in: from[i] up to to[i]. */
enum { CHUNK = 64 };
typedef struct chunk {
    size_t first, count;
    uint32_t from[CHUNK], to[CHUNK];
    uint32_t missing[CHUNK]; /* frames without a position, */
    size_t begin, end;       /* of these, in which somebody takes part */
} chunk;

TRAJ_SIMD static void count_missing(const traj_sequence *sequence, chunk *agents)
{
    for (size_t t = agents->begin; t < agents->end; t++) {
        const float *const pos = sequence->pos_m + 2 * (t * sequence->agents + agents->first);
        const uint32_t now = (uint32_t)t;
        for (size_t i = 0; i < agents->count; i++)
            agents->missing[i] += (pos[2 * i] != pos[2 * i]) & (now >= agents->from[i]) &
                                  (now < agents->to[i]);
    }
}

static size_t count_estimated(const traj_sequence *sequence, size_t agent, size_t from, size_t to)
{
    size_t estimated = 0;
    for (size_t t = from; t < to && sequence->extrapolated != NULL; t++)
        estimated += sequence->extrapolated[t * sequence->agents + agent];
    return estimated;
}

/* of[a]: where agent a is reported. */
static void count_chunk(traj_recording_report *report, const traj_sequence *sequence, size_t first,
                        const size_t *of)
{
    const size_t left = sequence->agents - first;
    chunk agents = {.first = first, .count = left < CHUNK ? left : CHUNK, .begin = SIZE_MAX};
    for (size_t i = 0; i < agents.count; i++) {
        const traj_agent *const here = &sequence->agent[first + i];
        const size_t from = traj_sequence_until(sequence, here->first_frame - 1);
        const size_t to = traj_sequence_until(sequence, here->last_frame);
        agents.from[i] = (uint32_t)from;
        agents.to[i] = (uint32_t)to;
        if (from >= to) continue;
        if (from < agents.begin) agents.begin = from;
        if (to > agents.end) agents.end = to;
    }
    count_missing(sequence, &agents);
    for (size_t i = 0; i < agents.count; i++) {
        if (agents.from[i] >= agents.to[i]) continue;
        traj_report_agent *const to = &report->agent[of[first + i]];
        to->frames += agents.to[i] - agents.from[i];
        to->missing += agents.missing[i];
        to->estimated += count_estimated(sequence, first + i, agents.from[i], agents.to[i]);
    }
}

static int count_agents(traj_recording_report *report, const traj_sequence *sequence)
{
    size_t *const of = traj_alloc(sequence->agents, sizeof *of);
    const int result = of == NULL ? -1 : place_agents(report, sequence, of);
    for (size_t first = 0; first < sequence->agents && result == 0; first += CHUNK)
        count_chunk(report, sequence, first, of);
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
