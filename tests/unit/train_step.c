/* What happens to the weights in a step: AdamW, their average, and the schedules. */
#include "train_groups.h"

#include "traj/train/adamw.h"
#include "traj/train/schedule.h"
#include "traj/train/step.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MATRIX = 15, VECTOR = 7, SIZE = MATRIX + VECTOR, STEPS = 40 };

#ifdef TRAJ_REAL_DOUBLE
#define EPSILON DBL_EPSILON
#else
#define EPSILON ((double)FLT_EPSILON)
#endif

static traj_layout layout_of(void)
{
    traj_layout layout = {.count = 0};
    traj_layout_matrix(&layout, "", "weight", 3, 5, TRAJ_INIT_ZERO);
    traj_layout_vector(&layout, "", "bias", VECTOR, 5, TRAJ_INIT_ZERO);
    return layout;
}

static void draw(traj_real *data, size_t n, uint32_t which)
{
    const traj_noise noise = {11, TRAJ_STREAM_TEST, which};
    traj_noise_normal(&noise, 0, 0, 0, data, n);
}

/* One scalar in double, by Loshchilov and Hutter's algorithm 2 as PyTorch does it. */
typedef struct scalar {
    double w, m, v;
} scalar;

static void reference(scalar *s, const traj_adamw *adamw, long step, double g, bool decays)
{
    s->m = adamw->beta1 * s->m + (1 - adamw->beta1) * g;
    s->v = adamw->beta2 * s->v + (1 - adamw->beta2) * g * g;
    const double m = s->m / (1 - pow(adamw->beta1, (double)step));
    const double v = s->v / (1 - pow(adamw->beta2, (double)step));
    s->w -= adamw->rate * (decays ? adamw->decay : 0) * s->w;
    s->w -= adamw->rate * m / (sqrt(v) + adamw->epsilon);
}

static void adamw_equals_its_scalar_twin(void **state)
{
    (void)state;
    const traj_layout layout = layout_of();
    const traj_adamw adamw = {
        .rate = 0.01, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8, .decay = 0.1};
    traj_real w[64] = {0}, g[64] = {0}, m[64] = {0}, v[64] = {0};
    scalar twin[64] = {{0}};
    assert_true(layout.size <= 64);
    draw(w, layout.size, 0);
    for (size_t i = 0; i < layout.size; i++) twin[i].w = (double)w[i];
    for (long step = 1; step <= STEPS; step++) {
        draw(g, layout.size, (uint32_t)step);
        traj_adamw_step(adamw, step, (traj_params){&layout, w}, (traj_params){&layout, g},
                        (traj_params){&layout, m}, (traj_params){&layout, v});
        for (int p = 0; p < layout.count; p++)
            for (int k = 0; k < (p == 0 ? MATRIX : VECTOR); k++) {
                const size_t i = layout.param[p].offset + (size_t)k;
                reference(&twin[i], &adamw, step, (double)g[i], p == 0);
                /* a handful of roundings a step, of numbers of about 1 */
                assert_true(fabs((double)w[i] - twin[i].w) < 8 * (double)step * EPSILON);
            }
    }
}

/* The average follows fast at first, min(decay, (1 + step) / (10 + step)), then slowly. */
static void average_warms_up(void **state)
{
    (void)state;
    const traj_layout layout = layout_of();
    traj_real w[64] = {0}, average[64] = {0};
    for (size_t i = 0; i < layout.size; i++) w[i] = 1;
    const traj_params of = {&layout, average}, weights = {&layout, w};
    double twin = 0;
    for (long step = 1; step <= 200; step++) {
        const double decay = step == 200 ? 0 : 0.9;
        traj_average_step(decay, step, of, weights);
        const double warm = (1 + (double)step) / (10 + (double)step);
        twin += (1 - (decay < warm ? decay : warm)) * (1 - twin);
        assert_true(fabs((double)average[0] - twin) < 8 * EPSILON);
        if (step == 1) assert_true(fabs(twin - 9.0 / 11) < 1e-12);
    }
    for (size_t i = 0; i < layout.size; i++) assert_true(average[i] == 1); /* decay 0: no average */
}

static void rate_warms_up_and_falls_to_its_floor(void **state)
{
    (void)state;
    const traj_train_config config = {.learning_rate = 0.5, .lr_floor = 0.1, .warmup_steps = 9};
    const struct {
        long step;
        double progress, rate;
    } cases[] = {
        {0, 0, 0.05},      {4, 0, 0.25},
        {8, 0, 0.45},      {9, 0, 0.5},
        {100, 0.5, 0.275}, {100, 1, 0.05},
        {100, 7, 0.05},    {100, -1, 0.5},
        {4, 1, 0.025},     {100, 1.0 / 3, 0.5 * (0.1 + 0.9 * 0.75)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(fabs(traj_schedule_rate(&config, cases[i].step, cases[i].progress) -
                         cases[i].rate) < 1e-12);
    const traj_train_config none = {.learning_rate = 0.5, .lr_floor = 0.1};
    assert_true(traj_schedule_rate(&none, 0, 0) == 0.5);
}

static void kl_weight_follows_its_schedule(void **state)
{
    (void)state;
    const struct {
        int schedule;
        long step;
        double weight;
    } cases[] = {
        {TRAJ_KL_CONSTANT, 0, 2},  {TRAJ_KL_CONSTANT, 1000, 2}, {TRAJ_KL_LINEAR, 0, 0},
        {TRAJ_KL_LINEAR, 50, 1},   {TRAJ_KL_LINEAR, 100, 2},    {TRAJ_KL_LINEAR, 5000, 2},
        {TRAJ_KL_CYCLICAL, 0, 0},  {TRAJ_KL_CYCLICAL, 25, 1},   {TRAJ_KL_CYCLICAL, 50, 2},
        {TRAJ_KL_CYCLICAL, 99, 2}, {TRAJ_KL_CYCLICAL, 100, 0},  {TRAJ_KL_CYCLICAL, 125, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const traj_train_config config = {
            .kl_weight = 2, .kl_steps = 100, .kl_schedule = cases[i].schedule};
        assert_true(fabs(traj_schedule_kl(&config, cases[i].step) - cases[i].weight) < 1e-12);
    }
}

static void diverging_losses_are_told_from_large_ones(void **state)
{
    (void)state;
    const traj_layout layout = layout_of();
    traj_real g[64] = {0};
    traj_error err;
    assert_false(traj_loss_exploded(-9e5) || traj_loss_exploded(9e5) || traj_loss_exploded(0));
    assert_true(traj_loss_exploded(NAN) && traj_loss_exploded(INFINITY) &&
                traj_loss_exploded(-INFINITY) && traj_loss_exploded(2e6));
    g[layout.param[0].offset + 3] = 5;
    g[layout.param[1].offset + 2] = -7;
    assert_int_equal(traj_fail_diverged((traj_params){&layout, g}, 3, 17, 1e9, &err),
                     TRAJ_E_DIVERGED);
    assert_non_null(strstr(err.text, "epoch 3 at step 17"));
    assert_non_null(strstr(err.text, "largest gradient 7 in 'bias'"));
    g[layout.param[0].offset + 1] = TRAJ_R(NAN);
    traj_fail_diverged((traj_params){&layout, g}, 3, 17, 1e9, &err);
    assert_non_null(strstr(err.text, "nan in 'weight'"));
}

int train_step_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adamw_equals_its_scalar_twin),
        cmocka_unit_test(average_warms_up),
        cmocka_unit_test(rate_warms_up_and_falls_to_its_floor),
        cmocka_unit_test(kl_weight_follows_its_schedule),
        cmocka_unit_test(diverging_losses_are_told_from_large_ones),
    };
    return cmocka_run_group_tests_name("train: steps", tests, NULL, NULL);
}
