/* How noisy a bound's terms are said to be, against the schedules themselves. */
#include "../../src/model/gamma.h"
#include "../../src/model/noise_schedule.h"
#include "traj/base/memory.h"
#include "traj/model/model.h"
#include "unit/check.h"
#include "unit/model_groups.h"
#include <math.h>
#include <string.h>

typedef struct curve {
    int terms;
    double *log_snr; /* owned */
} curve;

static curve curve_of(const char *type, int steps)
{
    traj_model_config config;
    traj_model *model;
    traj_model_config_init(&config);
    strcpy(config.type, type);
    config.diffusion_steps = steps;
    assert_int_equal(traj_model_new(&config, &model, NULL), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(model);
    const traj_params params = {layout, traj_alloc(layout->size, sizeof(traj_real))};
    traj_model_init(model, params, 7);
    const traj_model_type *const of = traj_model_type_of(model);
    const curve c = {of->terms(model), traj_alloc((size_t)of->terms(model), sizeof(double))};
    of->log_snr(model, params, c.log_snr);
    traj_model_destroy(model);
    traj_free(params.data);
    return c;
}

static void of_ddpm_it_is_the_schedules(void **state)
{
    enum { STEPS = 30 };
    traj_model_config config;
    static traj_schedule schedule;
    (void)state;
    traj_model_config_init(&config);
    traj_schedule_init(&schedule, (traj_schedule_kind)config.schedule, STEPS);
    curve c = curve_of("ddpm", STEPS);
    assert_int_equal(c.terms, STEPS + 1);
    for (int i = 0; i <= STEPS; i++) {
        const int k = i < STEPS ? i + 1 : STEPS;
        const double log_snr =
            2 * log(traj_schedule_signal(&schedule, k) / traj_schedule_noise(&schedule, k));
        assert_true(fabs(c.log_snr[i] - log_snr) < 1e-9);
    }
    traj_free(c.log_snr);
}

/* Untrained, gamma is a straight line from its first end to its last: so are the terms, at the
 * ends of discrete steps, in the middle of strata of continuous time. */
static void of_vdm_it_falls_as_gamma_rises(void **state)
{
    (void)state;
    for (int steps = 0; steps <= 10; steps += 10) {
        curve c = curve_of("vdm", steps);
        const int inside = c.terms - 2;
        const double first = c.log_snr[0], last = c.log_snr[inside + 1];
        assert_true(steps == 0 || inside == steps);
        assert_true(first > 5 && last < -3);
        for (int i = 1; i <= inside; i++) {
            const double t = (i - (steps ? 0 : 0.5)) / inside;
            assert_true(c.log_snr[i] < c.log_snr[i - 1]);
            assert_true(fabs(c.log_snr[i] - (first + t * (last - first))) < 0.1);
        }
        traj_free(c.log_snr);
    }
}

int test_snr(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_ddpm_it_is_the_schedules),
        cmocka_unit_test(of_vdm_it_falls_as_gamma_rises),
    };
    return cmocka_run_group_tests_name("model: noise of the terms", tests, NULL, NULL);
}
