/* Room eval: runs its groups and holds what they share. */
#include "eval_groups.h"

#include "traj/base/noise.h"

#include <math.h>
#include <string.h>

float *eval_truth(eval_case *c, int t, int a)
{
    const int agents = c->scene.agents;
    return t < 0 ? c->past + 2 * ((t + 2) * agents + a) : c->truth + 2 * (t * agents + a);
}

float *eval_sample(eval_case *c, int k, int t, int a)
{
    if (t < 0) return eval_truth(c, t, a);
    return c->forecast + 2 * ((k * c->scene.frames + t) * c->scene.agents + a);
}

void eval_case_init(eval_case *c, int samples, int frames, int agents)
{
    assert_true(samples <= EVAL_SAMPLES && frames <= EVAL_FRAMES && agents <= EVAL_AGENTS);
    memset(c, 0, sizeof *c);
    c->scene = (traj_eval_scene){.samples = samples,
                                 .frames = frames,
                                 .agents = agents,
                                 .rate_hz = 10,
                                 .half_m = {52.5, 34},
                                 .kind = c->kind,
                                 .past_m = c->past,
                                 .truth_m = c->truth,
                                 .forecast_m = c->forecast};
    for (int a = 0; a < agents; a++) {
        const float x = 10 * ((float)a - 0.5F * (float)(agents - 1));
        c->kind[a] = (unsigned char)(a % 2 ? TRAJ_AWAY : TRAJ_HOME);
        for (int t = -2; t < frames; t++) eval_truth(c, t, a)[0] = x;
        for (int k = 0; k < samples; k++)
            for (int t = 0; t < frames; t++) eval_sample(c, k, t, a)[0] = x;
    }
    c->kind[agents - 1] = TRAJ_BALL;
}

/* A walk of one body: adds the sums of steps. */
static void walk(eval_case *c, int sample, int first, int a, const traj_noise *noise,
                 uint32_t number)
{
    double sum[2] = {0, 0};
    for (int t = first; t < c->scene.frames; t++) {
        traj_real step[2];
        traj_noise_normal(noise, number, (uint32_t)(t + 2), (uint32_t)a, step, 2);
        float *const place = sample < 0 ? eval_truth(c, t, a) : eval_sample(c, sample, t, a);
        for (int i = 0; i < 2; i++) {
            sum[i] += 0.3 * (double)step[i];
            place[i] += (float)sum[i];
        }
    }
}

void eval_case_shake(eval_case *c, uint32_t number)
{
    for (int k = -1; k < c->scene.samples; k++) {
        const traj_noise noise = {11, TRAJ_STREAM_TEST, (uint32_t)(k + 1)};
        for (int a = 0; a < c->scene.agents; a++) walk(c, k, k < 0 ? -2 : 0, a, &noise, number);
    }
}

double eval_figure(const eval_case *c, const char *key, traj_group group)
{
    const traj_eval_scene *const s = &c->scene;
    traj_metric_limits limits;
    traj_arena arena;
    const int index = traj_metric_find(key);
    assert_true(index >= 0);
    traj_metric_limits_init(&limits);
    const size_t bytes = traj_metric_bytes(s->samples, s->frames, s->agents);
    assert_int_equal(traj_arena_init(&arena, bytes, NULL), TRAJ_OK);
    arena.poison_nan = true;
    const traj_eval_scene same = traj_eval_prefix(s, s->frames, &arena);
    const size_t mark = traj_arena_mark(&arena);
    const double value = traj_metric_at(index)->value(&same, group, &limits, &arena);
    assert_int_equal(traj_arena_mark(&arena), mark);
    traj_arena_free(&arena);
    return value;
}

void assert_near(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance))
        fail_msg("%.15g is not %.15g within %g", actual, expected, tolerance);
}

int main(void)
{
    int failed = eval_metric_tests();
    failed += eval_motion_tests();
    failed += eval_distribution_tests();
    failed += eval_bootstrap_tests();
    failed += eval_baseline_tests();
    failed += eval_run_tests();
    failed += eval_summary_tests();
    return failed == 0 ? 0 : 1;
}
