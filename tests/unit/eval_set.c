/* See eval_set.h. */
#include "eval_set.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const traj_protocol protocol = {"set",      5,          SET_PAST,    SET_FUTURE,
                                       SET_WINDOW, "a test's", "everybody", "all of them"};

static const traj_baseline *find(const char *key)
{
    for (int i = 0; i < traj_baseline_count(); i++)
        if (!strcmp(traj_baseline_at(i)->key, key)) return traj_baseline_at(i);
    fail_msg("no baseline '%s'", key);
    return NULL;
}

static traj_status forecast_shifted(const traj_baseline_task *task, float *forecast_m,
                                    traj_error *err)
{
    const traj_status status = find("constant_velocity")->forecast(task, forecast_m, err);
    const int places = task->samples * task->frames * task->agents;
    for (int i = 0; i < places; i++) {
        forecast_m[2 * i] += 3;
        forecast_m[2 * i + 1] += 4;
    }
    return status;
}

static traj_status forecast_nothing(const traj_baseline_task *task, float *forecast_m,
                                    traj_error *err)
{
    if (task->number > 0) return traj_fail(err, TRAJ_E_DATA, "scene %u is broken", task->number);
    return forecast_shifted(task, forecast_m, err);
}

static const traj_baseline own[] = {
    {"shifted", "shifted", false, false, forecast_shifted},
    {"alike", "alike", true, false, forecast_shifted},
    {"broken", "broken", false, false, forecast_nothing},
};

static void fill_recording(traj_recording *recording, int number)
{
    static const traj_kind kinds[SET_AGENTS] = {TRAJ_HOME, TRAJ_HOME, TRAJ_AWAY, TRAJ_BALL};
    traj_sequence *s;
    traj_recording_init(recording);
    assert_int_equal(traj_recording_add(recording, SET_FRAMES, SET_AGENTS, &s, NULL), TRAJ_OK);
    recording->rate = recording->source_rate = traj_rate_of(protocol.rate_hz);
    recording->frame_id_step = 1;
    recording->pitch_length_m = 105;
    recording->pitch_width_m = 68;
    snprintf(recording->source, sizeof recording->source, "match %d", number);
    for (int a = 0; a < SET_AGENTS; a++) s->agent[a].kind = kinds[a];
    for (int f = 0; f < SET_FRAMES; f++) {
        s->frame_id[f] = f + 1;
        s->time_s[f] = f / protocol.rate_hz;
        for (int a = 0; a < SET_AGENTS; a++) {
            float *const pos_m = s->pos_m + 2 * (f * SET_AGENTS + a);
            pos_m[0] = (float)(10 * a - 15 + (number + 1) * (a + 1) * (a % 2 ? -f : f) / 8.0);
            pos_m[1] = (float)(5 * a - f / 8.0);
        }
    }
}

void eval_set_init(eval_set *set)
{
    const int each = SET_PLACES / SET_RECORDINGS;
    memset(set, 0, sizeof *set);
    for (int r = 0; r < SET_RECORDINGS; r++) fill_recording(&set->recording[r], r);
    for (int i = 0; i < SET_PLACES; i++)
        set->place[i] = (traj_eval_place){.recording = (size_t)(i / each),
                                          .frame = (size_t)(i % each * SET_WINDOW + SET_PAST - 1),
                                          .number = (uint32_t)i};
    const traj_baseline *const baseline[SET_SOURCES] = {
        NULL,    find("constant_velocity"),       &own[0],
        &own[1], find("constant_velocity_noise"), &own[2]};
    for (int i = 0; i < SET_SOURCES; i++)
        set->source[i] = (traj_eval_source){.key = baseline[i] ? baseline[i]->key : "truth",
                                            .name = "a source",
                                            .baseline = baseline[i]};
    set->job = (traj_eval_job){.recording = set->recording,
                               .place = set->place,
                               .places = SET_PLACES,
                               .protocol = &protocol,
                               .source = set->source,
                               .sources = SET_BROKEN,
                               .samples = SET_SAMPLES,
                               .seed = 1};
    traj_metric_limits_init(&set->job.limits);
}

void eval_set_free(eval_set *set)
{
    for (int r = 0; r < SET_RECORDINGS; r++) traj_recording_free(&set->recording[r]);
}

void eval_set_hide(eval_set *set, int recording, size_t frame, size_t agent)
{
    float *const pos_m = set->recording[recording].sequence[0].pos_m;
    for (size_t axis = 0; axis < 2; axis++) pos_m[2 * (frame * SET_AGENTS + agent) + axis] = NAN;
}

traj_evaluation eval_set_run(const eval_set *set, int threads)
{
    traj_evaluation e;
    traj_pool *pool;
    traj_error err = {TRAJ_OK, ""};
    assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
    if (traj_evaluation_run(&set->job, pool, &e, &err) != TRAJ_OK) fail_msg("%s", err.text);
    traj_pool_destroy(pool);
    return e;
}
