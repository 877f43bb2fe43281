#include "recording_report.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

static const float *position(const traj_sequence *sequence, size_t frame, size_t agent)
{
    return &sequence->pos_m[(frame * sequence->agents + agent) * 2];
}

/* ---- who ---- */

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
    *added = (traj_report_agent){*agent, 0, 0};
    return added;
}

static int count_agents(traj_recording_report *report, const traj_sequence *sequence)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        traj_report_agent *agent = find_agent(report, &sequence->agent[a]);
        if (!agent) agent = add_agent(report, &sequence->agent[a]);
        if (!agent) return -1;
        agent->frames += sequence->frames;
        for (size_t t = 0; t < sequence->frames; t++)
            agent->missing += isnan(position(sequence, t, a)[0]) != 0;
    }
    return 0;
}

/* ---- how fast ---- */

/* Appends the speeds of all agents that are (or are not) the ball; room: one per agent and frame.
 */
static size_t collect_speeds(const traj_sequence *sequence, double frame_s, bool ball,
                             float *speed_mps)
{
    size_t count = 0;
    for (size_t t = 1; t < sequence->frames; t++) {
        double step_s = sequence->time_s[t] - sequence->time_s[t - 1];
        if (step_s <= 0 || step_s > 1.5 * frame_s) continue;
        for (size_t a = 0; a < sequence->agents; a++) {
            if ((sequence->agent[a].team == TRAJ_TEAM_BALL) != ball) continue;
            const float *from = position(sequence, t - 1, a), *to = position(sequence, t, a);
            double dx = to[0] - from[0], dy = to[1] - from[1];
            double speed = sqrt(dx * dx + dy * dy) / step_s;
            if (isfinite(speed)) speed_mps[count++] = (float)speed;
        }
    }
    return count;
}

/* The value that would stand at place k if they were sorted; reorders them. Hoare's FIND: what is
 * left holds place k, and on average halves. */
static float find(float *value, size_t count, size_t k)
{
    size_t begin = 0, end = count - 1;
    while (begin < end) {
        const float pivot = value[begin + (end - begin) / 2];
        size_t i = begin, j = end;
        for (;;) {
            while (value[i] < pivot) i++;
            while (value[j] > pivot) j--;
            if (i >= j) break;
            const float smaller = value[j];
            value[j--] = value[i];
            value[i++] = smaller;
        }
        if (k <= j)
            end = j;
        else
            begin = j + 1;
    }
    return value[k];
}

static void measure_speeds(const traj_recording *recording, bool ball, float *speed_mps,
                           traj_report_speed *result)
{
    size_t count = 0;
    double frame_s = recording->rate_hz > 0 ? 1 / recording->rate_hz : INFINITY;
    for (size_t s = 0; s < recording->sequences; s++)
        count += collect_speeds(&recording->sequence[s], frame_s, ball, speed_mps + count);
    *result = (traj_report_speed){.steps = count, .median_mps = NAN, .max_mps = NAN};
    if (count == 0) return;
    result->max_mps = 0;
    for (size_t i = 0; i < count; i++) {
        result->fast += speed_mps[i] > (float)(ball ? TRAJ_FAST_BALL_MPS : TRAJ_FAST_MPS);
        result->max_mps = fmax(result->max_mps, (double)speed_mps[i]);
    }
    result->median_mps = (double)find(speed_mps, count, count / 2);
}

traj_status traj_recording_report_make(const traj_recording *recording,
                                       traj_recording_report *report, traj_error *err)
{
    size_t positions = 0;
    bool failed = false;
    memset(report, 0, sizeof *report);
    for (size_t s = 0; s < recording->sequences && !failed; s++) {
        positions += recording->sequence[s].frames * recording->sequence[s].agents;
        failed = count_agents(report, &recording->sequence[s]) != 0;
    }
    float *speed_mps = failed ? NULL : traj_alloc(positions, sizeof *speed_mps);
    if (!speed_mps) {
        traj_recording_report_free(report);
        return traj_fail_memory(err, "the report on a recording");
    }
    measure_speeds(recording, false, speed_mps, &report->players);
    measure_speeds(recording, true, speed_mps, &report->ball);
    traj_free(speed_mps);
    return TRAJ_OK;
}

void traj_recording_report_free(traj_recording_report *report)
{
    traj_free(report->agent);
    memset(report, 0, sizeof *report);
}
