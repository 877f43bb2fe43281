/* ddpm and vdm: the gradient of what each of them trains on.
 *
 * The differences are of the loss as training estimates it, one step or time a scene: it is a
 * function of the seed, so the difference of two values has no noise. Two gradients are not those
 * of the objective, by intent, and are taken apart into parts that are. In ddpm's hybrid loss the
 * bound's mean is a constant. What lies inside vdm's gamma descends the estimator's square. */
#include "grad/grad_groups.h"
#include "grad/grad_model.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const predicts[] = {"eps", "x0", "v", "score"};
static const char *const variances[] = {"small", "large", "learned"};
static const char *const losses[] = {"simple", "bound", "hybrid"};
static const char *const gammas[] = {"fixed", "linear", "monotone"};
enum { PREDICTS = 4, VARIANCES = 3, GAMMAS = 3 };

enum { HORIZON = 2 };

/* Three scenes at three steps of K = 3: the reconstruction and both kinds of divergence. An agent
 * is absent, and some entries have no target. */
static const grad_model_size usual = {.scenes = 3, .agents = 3, .steps = 4, .absent = 1};

static const grad_model_size lone_scene = {.scenes = 1, .agents = 3, .steps = 4, .absent = 1};

static traj_model_config small_config(const char *type)
{
    traj_model_config config;
    traj_model_config_init(&config);
    strcpy(config.type, type);
    config.hidden = 4;
    config.width = 5;
    config.blocks = 2;
    config.horizon = HORIZON;
    config.diffusion_steps = 3;
    return config;
}

static double training_objective(void *context)
{
    return grad_model_training_loss(context).objective;
}

/* All parameters whose names do not begin with `but`. */
static void check_all_but(grad_model *m, const char *but)
{
    const traj_layout *const layout = m->params.layout;
    for (int p = 0; p < layout->count; p++)
        if (!but || strncmp(layout->param[p].name, but, strlen(but)) != 0)
            grad_model_check(m, training_objective, m, p);
}

static void check_ddpm(const traj_model_config *config)
{
    grad_model m;
    char name[64];
    snprintf(name, sizeof name, "ddpm %s, %s, %s", predicts[config->predict],
             variances[config->variance], losses[config->loss]);
    grad_model_open(&m, name, config, usual);
    grad_model_gradient(&m);
    check_all_but(&m, NULL);
    grad_model_close(&m);
}

static void ddpm_simple_and_bound(void **state)
{
    (void)state;
    traj_model_config config = small_config("ddpm");
    for (config.predict = 0; config.predict < PREDICTS; config.predict++)
        for (config.variance = 0; config.variance < VARIANCES; config.variance++) {
            config.loss = TRAJ_LOSS_BOUND;
            check_ddpm(&config);
            config.loss = TRAJ_LOSS_SIMPLE;
            if (config.variance == TRAJ_VARIANCE_LEARNED) check_ddpm(&config);
        }
}

static const char *const head[] = {"denoiser.output.weight", "denoiser.output.bias"};

/* Numbers of the head that make the means: they stand before those that make the variances. */
static size_t mean_numbers(const grad_model *m, int p)
{
    return (size_t)(2 * HORIZON) * (size_t)m->params.layout->param[p].cols;
}

/* The rows that make the means see the simple loss alone. */
static void means_learn_by_the_simple_loss(const traj_model_config *config)
{
    traj_model_config plain = *config;
    plain.loss = TRAJ_LOSS_SIMPLE;
    grad_model hybrid, simple;
    grad_model_open(&hybrid, "ddpm hybrid", config, usual);
    grad_model_open(&simple, "ddpm simple", &plain, usual);
    grad_model_gradient(&hybrid);
    grad_model_gradient(&simple);
    for (int i = 0; i < 2; i++) {
        const int p = traj_layout_find(hybrid.params.layout, head[i]);
        const size_t bytes = mean_numbers(&hybrid, p) * sizeof(traj_real);
        assert_memory_equal(traj_param_vec(hybrid.grads, p), traj_param_vec(simple.grads, p),
                            bytes);
    }
    grad_model_close(&hybrid);
    grad_model_close(&simple);
}

/* With weights of zero the means are constants, so the objective's own gradient is the detached
 * one: of the variances' rows, and of all that stands before them. */
static void variances_learn_by_the_bound(const traj_model_config *config)
{
    grad_model m;
    grad_model_open(&m, "ddpm hybrid, constant means", config, usual);
    const int weight = traj_layout_find(m.params.layout, head[0]);
    memset(traj_param_vec(m.params, weight), 0, mean_numbers(&m, weight) * sizeof(traj_real));
    grad_model_gradient(&m);
    check_all_but(&m, "denoiser.output");
    for (int i = 0; i < 2; i++) {
        const int p = traj_layout_find(m.params.layout, head[i]);
        const size_t first = mean_numbers(&m, p);
        grad_model_check_part(&m, training_objective, &m, p, first, first);
    }
    grad_model_close(&m);
}

static void ddpm_hybrid(void **state)
{
    (void)state;
    traj_model_config config = small_config("ddpm");
    config.loss = TRAJ_LOSS_HYBRID;
    config.variance = TRAJ_VARIANCE_LEARNED;
    for (config.predict = 0; config.predict < PREDICTS; config.predict++) {
        means_learn_by_the_simple_loss(&config);
        variances_learn_by_the_bound(&config);
    }
}

/* At the usual ends of gamma y is nearly x at early times, where a predicted x or score is divided
 * by a noise of 1e-3 and differences lose their digits: the ends, where they are learned, come
 * closer. */
static void narrow_gamma(const grad_model *m)
{
    const int ends = traj_layout_find(m->params.layout, "gamma.ends");
    if (ends < 0) return;
    traj_param_vec(m->params, ends)[0] = TRAJ_R(-2.1);
    traj_param_vec(m->params, ends)[1] = TRAJ_R(3.7);
}

/* Where the ends are fixed, a lone scene gets a late time: that of scene 0 is the seed's first
 * number. */
static void choose_late_time(grad_model *m)
{
    traj_real time = 0;
    for (m->noise.step = 0; time < TRAJ_R(0.6); m->noise.step++) {
        const traj_noise next = {m->noise.seed, TRAJ_STREAM_LEVEL, m->noise.step + 1};
        traj_noise_uniform(&next, 0, 0, 0, &time, 1);
    }
}

/* A monotone gamma is slow, and the network does not know which gamma it is told: its head stands
 * for all of it there. */
static bool is_checked(const traj_model_config *config, const char *name)
{
    if (config->gamma != TRAJ_GAMMA_MONOTONE) return true;
    return !strcmp(name, "gamma.ends") || !strcmp(name, head[0]);
}

static void check_vdm(const traj_model_config *config)
{
    const bool fixed = config->gamma == TRAJ_GAMMA_FIXED;
    grad_model m;
    char name[64];
    snprintf(name, sizeof name, "vdm %s, %s, %s, T = %d", predicts[config->predict],
             gammas[config->gamma], losses[config->loss], config->diffusion_steps);
    grad_model_open(&m, name, config, fixed ? lone_scene : usual);
    narrow_gamma(&m);
    if (fixed) choose_late_time(&m);
    grad_model_gradient(&m);
    for (int p = 0; p < m.params.layout->count; p++)
        if (is_checked(config, m.params.layout->param[p].name))
            grad_model_check(&m, training_objective, &m, p);
    grad_model_close(&m);
}

static void vdm_network_and_ends(void **state)
{
    (void)state;
    traj_model_config config = small_config("vdm");
    config.loss = TRAJ_LOSS_BOUND;
    for (config.predict = 0; config.predict < PREDICTS; config.predict++)
        for (config.gamma = 0; config.gamma < GAMMAS; config.gamma++)
            for (int steps = 0; steps <= 3; steps += 3) {
                config.diffusion_steps = steps;
                check_vdm(&config);
            }
}

/* Of a fixed gamma, which no loss moves, the whole gradient is the objective's. Twelve steps where
 * there are any: a hundredfold of fewer is so much that its differences lose their digits. */
static void vdm_simple_and_hybrid(void **state)
{
    (void)state;
    traj_model_config config = small_config("vdm");
    config.gamma = TRAJ_GAMMA_FIXED;
    for (int steps = 0; steps <= 12; steps += 12) {
        config.diffusion_steps = steps;
        config.loss = TRAJ_LOSS_SIMPLE;
        check_vdm(&config);
        config.loss = TRAJ_LOSS_HYBRID;
        check_vdm(&config);
    }
}

/* Whatever the network learns by, gamma learns by the bound. */
static void vdm_gamma_learns_by_the_bound(void **state)
{
    (void)state;
    traj_model_config bound = small_config("vdm"), hybrid = bound;
    bound.loss = TRAJ_LOSS_BOUND;
    hybrid.loss = TRAJ_LOSS_HYBRID;
    grad_model m, n;
    grad_model_open(&m, "vdm bound", &bound, usual);
    grad_model_open(&n, "vdm hybrid", &hybrid, usual);
    grad_model_gradient(&m);
    grad_model_gradient(&n);
    for (int p = 0; p < m.params.layout->count; p++) {
        const traj_param *const param = &m.params.layout->param[p];
        if (strncmp(param->name, "gamma.", 6) != 0) continue;
        const traj_real *const want = traj_param_vec(m.grads, p), *const got =
                                                                      traj_param_vec(n.grads, p);
        for (int i = 0; i < param->rows * param->cols; i++)
            assert_true(fabs((double)(got[i] - want[i])) <= 1e-9 + 1e-6 * fabs((double)want[i]));
    }
    grad_model_close(&m);
    grad_model_close(&n);
}

static void vdm_fourier_features(void **state)
{
    (void)state;
    traj_model_config config = small_config("vdm");
    config.loss = TRAJ_LOSS_BOUND;
    config.fourier = 2;
    config.gamma = TRAJ_GAMMA_LINEAR;
    config.diffusion_steps = 0;
    check_vdm(&config);
}

static bool inside_gamma(const char *name)
{
    return !strncmp(name, "gamma.", 6) && strcmp(name, "gamma.ends") != 0;
}

/* A lone scene. */
typedef struct lone {
    grad_model m;
    double prior;
} lone;

static double prior_of(lone *l)
{
    enum { MOST = 128 };
    double nats[MOST], error[MOST];
    const traj_model_type *const type = traj_model_type_of(l->m.model);
    const int terms = type->terms(l->m.model);
    assert_true(terms <= MOST);
    type->bound(l->m.model, l->m.params, &l->m.batch, l->m.noise, nats, error, &l->m.arena);
    return nats[terms - 1];
}

/* The estimate squared, per agent-step; without the prior, which no inside of gamma moves. */
static double square(void *context)
{
    lone *const l = context;
    const traj_loss loss = grad_model_training_loss(&l->m);
    const double estimate = loss.kl - l->prior;
    return estimate * estimate / loss.count;
}

static void check_inside(const traj_model_config *config)
{
    lone l;
    char name[64];
    snprintf(name, sizeof name, "vdm's square %s, T = %d", predicts[config->predict],
             config->diffusion_steps);
    grad_model_open(&l.m, name, config, lone_scene);
    narrow_gamma(&l.m);
    l.prior = prior_of(&l);
    grad_model_gradient(&l.m);
    for (int p = 0; p < l.m.params.layout->count; p++)
        if (inside_gamma(l.m.params.layout->param[p].name)) grad_model_check(&l.m, square, &l, p);
    grad_model_close(&l.m);
}

/* How D moves with gamma is checked above, for every prediction. */
static void vdm_inside_of_gamma(void **state)
{
    (void)state;
    traj_model_config config = small_config("vdm");
    for (int steps = 0; steps <= 3; steps += 3) {
        config.diffusion_steps = steps;
        check_inside(&config);
    }
}

int grad_diffusion_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddpm_simple_and_bound),         cmocka_unit_test(ddpm_hybrid),
        cmocka_unit_test(vdm_network_and_ends),          cmocka_unit_test(vdm_fourier_features),
        cmocka_unit_test(vdm_inside_of_gamma),           cmocka_unit_test(vdm_simple_and_hybrid),
        cmocka_unit_test(vdm_gamma_learns_by_the_bound),
    };
    return cmocka_run_group_tests_name("diffusion models", tests, NULL, NULL);
}
