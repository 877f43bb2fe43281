/* Bounds and samples of ddpm and vdm against laws whose entropy is known: see prop_entropy.c and
 * docs/mathematics/known_answers.md. TRAJ_SLOW=1 trains longer and asks for more; its numbers are
 * in docs/results.md. */
#include "prop/entropy_data.h"
#include "prop/mixture_data.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "traj/gen/score.h"
#include "traj/train/trainer.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

/* Stationary AR(1) displacements, as in prop_entropy.c. */
static const entropy_process ar1 = {
    .keep = 0.9, .noise_m = 1, .start_m = 3, .before_m = 2.2941573387056176};
enum { AR1_STEPS = 6 };

/* How long to train, and how close to come then. */
typedef struct effort {
    size_t sequences, test;
    int epochs, width;
    double share; /* largest distance of a bound to the entropy, as a share of it */
} effort;

static bool is_slow(void)
{
    const char *const slow = getenv("TRAJ_SLOW");
    return slow && strcmp(slow, "0") != 0;
}

/* Data of one law, split, and its exact log density and entropy. */
typedef struct study {
    effort effort;
    traj_recording recording; /* owned */
    traj_windows train, valid, test;
    traj_norm norm;
    int horizon;
    double entropy; /* nats per agent-step */
    double (*log_density)(const traj_sequence *sequence);
} study;

static void split(study *s)
{
    traj_error err;
    const int frames = s->horizon + 1;
    const double test = 1 - (double)s->effort.test / (double)s->recording.sequences;
    assert_int_equal(
        traj_windows_cut(&s->recording, 1, frames, frames, 0, test - 0.03, 0, &s->train, &err),
        TRAJ_OK);
    assert_int_equal(
        traj_windows_cut(&s->recording, 1, frames, frames, test - 0.03, test, 0, &s->valid, &err),
        TRAJ_OK);
    assert_int_equal(traj_windows_cut(&s->recording, 1, frames, frames, test, 1, 0, &s->test, &err),
                     TRAJ_OK);
    assert_int_equal(traj_norm_fit(&s->recording, &s->train, &s->norm, &err), TRAJ_OK);
}

static double mixture_of(const traj_sequence *sequence)
{
    return mixture_log_density(
        (const double[2]){(double)sequence->pos_m[2] - (double)sequence->pos_m[0],
                          (double)sequence->pos_m[3] - (double)sequence->pos_m[1]});
}

static double ar1_of(const traj_sequence *sequence)
{
    return entropy_log_density(&ar1, sequence, ENTROPY_BOTH);
}

static void open_mixture(study *s)
{
    traj_error err;
    *s = (study){.horizon = 1, .entropy = mixture_entropy(), .log_density = mixture_of};
    s->effort = is_slow() ? (effort){65536, 8192, 6, 48, 0.05}
                          : (effort){16384, 4096, 16, 32, 0.08};
    traj_recording_init(&s->recording);
    assert_int_equal(mixture_record(s->effort.sequences, 7, &s->recording, &err), TRAJ_OK);
    split(s);
}

static void open_ar1(study *s)
{
    traj_error err;
    *s = (study){.horizon = AR1_STEPS,
                 .entropy = entropy_rate(&ar1, AR1_STEPS, ENTROPY_BOTH),
                 .log_density = ar1_of};
    s->effort = is_slow() ? (effort){65536, 4096, 3, 64, 0.05} : (effort){16384, 1024, 5, 48, 0.05};
    traj_recording_init(&s->recording);
    assert_int_equal(
        entropy_record(&ar1, s->effort.sequences, AR1_STEPS + 1, 17, &s->recording, &err), TRAJ_OK);
    split(s);
}

static void study_close(study *s)
{
    traj_windows_free(&s->train);
    traj_windows_free(&s->valid);
    traj_windows_free(&s->test);
    traj_recording_free(&s->recording);
}

/* A model and its weights; both owned. */
typedef struct trained {
    traj_model *model;
    traj_params params;
} trained;

static traj_model_config config_of(const study *s, const char *type)
{
    traj_model_config config;
    traj_model_config_init(&config);
    strcpy(config.type, type);
    config.hidden = 8; /* nothing is observed */
    config.width = s->effort.width;
    config.blocks = 2;
    config.horizon = s->horizon;
    return config;
}

static trained make(const traj_model_config *config)
{
    trained t;
    traj_error err;
    assert_int_equal(traj_model_new(config, &t.model, &err), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(t.model);
    t.params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    assert_non_null(t.params.data);
    return t;
}

static void trained_free(trained *t)
{
    traj_free(t->params.data);
    traj_model_destroy(t->model);
}

static trained train(const study *s, const traj_model_config *model, int epochs, int batch)
{
    trained t = make(model);
    traj_error err;
    traj_report report;
    traj_train_config config;
    traj_train_config_init(&config);
    config.epochs = config.lr_epochs = epochs;
    config.learning_rate = 4e-3;
    config.batch = config.shard = batch;
    config.mirror = 0;
    config.threads = 1;
    const traj_training training = {.config = &config,
                                    .model = t.model,
                                    .recording = &s->recording,
                                    .train = &s->train,
                                    .valid = &s->valid,
                                    .norm = &s->norm,
                                    .folder = "",
                                    .quiet = true};
    if (traj_train(&training, t.params.data, &report, &err) != TRAJ_OK) fail_msg("%s", err.text);
    print_message("%s: %ld steps, %.1f s\n", model->type, report.steps, report.seconds);
    return t;
}

/* The bound of every test sequence under these weights: free with traj_free. */
static traj_scene_score *score(const study *s, const traj_model *model, traj_params params)
{
    traj_pool *pool;
    traj_error err;
    traj_scene_score *const scores = traj_alloc(s->test.count, sizeof *scores);
    assert_non_null(scores);
    assert_int_equal(traj_pool_new(&pool, 1, &err), TRAJ_OK);
    const traj_score_job job = {.model = model,
                                .params = params,
                                .norm = &s->norm,
                                .recording = &s->recording,
                                .windows = &s->test,
                                .seed = 5};
    assert_int_equal(traj_score_run(&job, pool, scores, &err), TRAJ_OK);
    traj_pool_destroy(pool);
    return scores;
}

static double bound(const traj_scene_score *scored)
{
    return scored->nll + scored->kl;
}

/* Mean bound of a less that of b, nats per agent-step; frees both. */
static traj_mean difference(const study *s, traj_scene_score *a, traj_scene_score *b)
{
    for (size_t i = 0; i < s->test.count; i++) {
        a[i].nll -= b[i].nll;
        a[i].kl -= b[i].kl;
    }
    const traj_mean mean = traj_score_mean(a, s->test.count, bound);
    traj_free(a);
    traj_free(b);
    return mean;
}

/* The bound, and what it lies above minus the exact log density of the same sequences. */
static void assert_bound(const study *s, const trained *t)
{
    const size_t scenes = s->test.count;
    traj_scene_score *const scores = score(s, t->model, t->params);
    const traj_mean all = traj_score_mean(scores, scenes, bound);
    for (size_t i = 0; i < scenes; i++)
        scores[i].nll += s->log_density(&s->recording.sequence[s->test.item[i].sequence]);
    const traj_mean excess = traj_score_mean(scores, scenes, bound);
    traj_free(scores);
    print_message("  exact %.4f, bound %.4f +- %.4f; above the exact density: %.4f +- %.4f\n",
                  s->entropy, all.mean, all.half_width, excess.mean, excess.half_width);
    assert_true(all.mean >= s->entropy - all.half_width);
    assert_true(excess.mean >= -excess.half_width);
    assert_true(excess.mean <= s->effort.share * s->entropy);
}

/* K = 200 with a learned variance: at those of q, the bound of even a perfect network lies 0.7 nats
 * a dimension too high (docs/mathematics/ddpm.md). */
static traj_model_config ddpm_config(const study *s)
{
    traj_model_config config = config_of(s, "ddpm");
    config.diffusion_steps = 200;
    config.variance = TRAJ_VARIANCE_LEARNED;
    config.loss = TRAJ_LOSS_HYBRID;
    return config;
}

static traj_model_config vdm_config(const study *s)
{
    traj_model_config config = config_of(s, "vdm");
    config.loss = TRAJ_LOSS_BOUND;
    config.gamma = TRAJ_GAMMA_LINEAR;
    config.diffusion_steps = 0;
    return config;
}

enum { BATCH = 32 };

/* Points drawn from a model, or of the recording. */
enum { POINTS = 1024, PAIRS = 8, TESTED = 4 };

/* Deterministic: vdm's ancestral chain at the variance of q gathers too little spread
 * (docs/mathematics/vdm.md). */
enum { SAMPLER_STEPS = 200 };

typedef struct cloud {
    double x[POINTS][2];
} cloud;

static void draw(const study *s, const trained *t, uint32_t number, cloud *points)
{
    const traj_model_type *const type = traj_model_type_of(t->model);
    traj_arena arena;
    traj_error err;
    traj_batch batch;
    traj_real *const x = traj_alloc(2 * POINTS, sizeof *x);
    assert_non_null(x);
    traj_arena_init_dry(&arena);
    traj_batch_take(&batch, POINTS, 1, 1, &arena);
    traj_sampling sampling = {.batch = &batch,
                              .steps = SAMPLER_STEPS,
                              .eta = 0,
                              .noise = {3, TRAJ_STREAM_DIFFUSION, number}};
    type->sample(t->model, t->params, &sampling, NULL, &arena);
    const size_t bytes = arena.peak + traj_scene_bytes(1, 2);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    traj_batch_take(&batch, POINTS, 1, 1, &arena);
    for (int b = 0; b < POINTS; b++)
        traj_scene_fill(&batch, b, &s->recording, &s->test.item[b], &s->norm,
                        (traj_scene_options){.number = (uint32_t)b}, &arena);
    type->sample(t->model, t->params, &sampling, x, &arena);
    for (int i = 0; i < 2 * POINTS; i++)
        points->x[i / 2][i % 2] = (double)x[i] * s->norm.scale_m[TRAJ_HOME];
    traj_free(x);
    traj_arena_free(&arena);
}

/* Part i of the recording, counted from its end: the test sequences come first. */
static void take_real(const study *s, size_t i, cloud *points)
{
    assert_true((i + 1) * POINTS <= s->recording.sequences);
    for (size_t p = 0; p < POINTS; p++) {
        const size_t at = s->recording.sequences - 1 - i * POINTS - p;
        const float *const pos = s->recording.sequence[at].pos_m;
        for (int k = 0; k < 2; k++) points->x[p][k] = (double)pos[2 + k] - (double)pos[k];
    }
}

static double mean_distance(const cloud *a, const cloud *b)
{
    double sum = 0;
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < POINTS; j++)
            sum += hypot(a->x[i][0] - b->x[j][0], a->x[i][1] - b->x[j][1]);
    return sum / POINTS / POINTS;
}

/* 2 E|a - b| - E|a - a'| - E|b - b'|, 0 for equal laws only (Szekely & Rizzo 2013). */
static double energy_distance(const cloud *a, const cloud *b)
{
    return 2 * mean_distance(a, b) - mean_distance(a, a) - mean_distance(b, b);
}

/* Samples are hardly farther from data than data from other data. Means over some pairs: a single
 * one may be close by chance. */
static void assert_samples(const study *s, const trained *t)
{
    static cloud a, b;
    double among_data = 0, to_data = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        take_real(s, 2 * i, &a);
        take_real(s, 2 * i + 1, &b);
        among_data += energy_distance(&a, &b) / PAIRS;
    }
    for (uint32_t i = 0; i < TESTED; i++) { /* against what was held out */
        draw(s, t, i, &a);
        take_real(s, i, &b);
        to_data += energy_distance(&a, &b) / TESTED;
    }
    print_message("  energy distance %.5f m, of data to data %.5f m\n", to_data, among_data);
    assert_true(among_data > 0 && to_data < 1.5 * among_data);
}

/* The same weights in discrete time: the more steps, the tighter the bound (Kingma et al. 2021,
 * eq. 24). Continuous time is the limit. */
static void assert_more_steps_are_tighter(const study *s, const trained *t)
{
    traj_scene_score *before = NULL;
    for (int steps = 8; steps <= 32; steps *= 2) {
        traj_model *model;
        traj_error err;
        traj_model_config config = *traj_model_config_of(t->model);
        config.diffusion_steps = steps;
        assert_int_equal(traj_model_new(&config, &model, &err), TRAJ_OK);
        if (before) {
            traj_scene_score *const now = score(s, model, t->params);
            const traj_mean gain = difference(s, before, now);
            print_message("  L_%d - L_%d: %.4f +- %.4f\n", steps / 2, steps, gain.mean,
                          gain.half_width);
            assert_true(gain.mean > gain.half_width);
        }
        before = score(s, model, t->params);
        traj_model_destroy(model);
    }
    const traj_mean gain = difference(s, before, score(s, t->model, t->params));
    assert_true(gain.mean > gain.half_width);
}

static void ddpm_knows_the_mixture(void **state)
{
    study s;
    (void)state;
    open_mixture(&s);
    const traj_model_config config = ddpm_config(&s);
    trained t = train(&s, &config, s.effort.epochs, BATCH);
    assert_bound(&s, &t);
    assert_samples(&s, &t);
    trained_free(&t);
    study_close(&s);
}

static void vdm_knows_the_mixture(void **state)
{
    study s;
    (void)state;
    open_mixture(&s);
    const traj_model_config config = vdm_config(&s);
    trained t = train(&s, &config, s.effort.epochs, BATCH);
    assert_bound(&s, &t);
    assert_samples(&s, &t);
    assert_more_steps_are_tighter(&s, &t);
    trained_free(&t);
    study_close(&s);
}

static void both_know_ar1(void **state)
{
    study s;
    (void)state;
    open_ar1(&s);
    const traj_model_config configs[] = {ddpm_config(&s), vdm_config(&s)};
    for (int i = 0; i < 2; i++) {
        trained t = train(&s, &configs[i], s.effort.epochs, BATCH);
        assert_bound(&s, &t);
        trained_free(&t);
    }
    study_close(&s);
}

/* The same network with gamma a line between the same ends: parameters of the same names. */
static trained straighten(const trained *bent)
{
    traj_model_config config = *traj_model_config_of(bent->model);
    config.gamma = TRAJ_GAMMA_LINEAR;
    trained line = make(&config);
    for (int p = 0; p < line.params.layout->count; p++) {
        const traj_param *const param = &line.params.layout->param[p];
        const int namesake = traj_layout_find(bent->params.layout, param->name);
        assert_true(namesake >= 0);
        memcpy(traj_param_vec(line.params, p), traj_param_vec(bent->params, namesake),
               (size_t)param->rows * (size_t)param->cols * sizeof(traj_real));
    }
    return line;
}

/* Variance of the loss of training, one time a scene, over scenes and times. Times are spread
 * evenly over a batch, so scenes are taken one by one. */
static double variance_of_estimates(const study *s, const trained *t)
{
    enum { DRAWS = 4096 };
    const traj_layout *const layout = t->params.layout;
    traj_arena arena;
    traj_error err;
    traj_batch batch;
    double sum = 0, square = 0;
    traj_arena_init_dry(&arena);
    traj_batch_take(&batch, 1, 1, 1, &arena);
    const size_t bytes = arena.used + traj_scene_bytes(1, 2) +
                         traj_model_loss_bytes(t->model, 1, 1, 1, 1) +
                         layout->size * sizeof(traj_real) + 64;
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    traj_batch_take(&batch, 1, 1, 1, &arena);
    traj_params spare = {layout, traj_arena_reals(&arena, layout->size)};
    memset(spare.data, 0, layout->size * sizeof(traj_real));
    for (uint32_t i = 0; i < DRAWS; i++) {
        traj_loss loss;
        traj_scene_fill(&batch, 0, &s->recording, &s->test.item[i % s->test.count], &s->norm,
                        (traj_scene_options){.number = 0}, &arena);
        traj_model_type_of(t->model)->loss(t->model, t->params, &batch,
                                           (traj_noise){8, TRAJ_STREAM_DIFFUSION, i},
                                           (traj_objective){1, 0}, &spare, &arena, &loss);
        sum += loss.objective / DRAWS;
        square += loss.objective * loss.objective / DRAWS;
    }
    traj_arena_free(&arena);
    return square - sum * sum;
}

/* Between its ends gamma moves no bound, only how far estimates of it scatter; that is what its
 * inside has learnt. */
static void gamma_moves_the_variance_alone(void **state)
{
    study s;
    (void)state;
    open_mixture(&s);
    traj_model_config config = vdm_config(&s);
    config.gamma = TRAJ_GAMMA_MONOTONE;
    trained bent = train(&s, &config, 1, 16);
    trained line = straighten(&bent);
    const traj_mean moved =
        difference(&s, score(&s, bent.model, bent.params), score(&s, line.model, line.params));
    const double before = variance_of_estimates(&s, &line),
                 after = variance_of_estimates(&s, &bent);
    print_message("  bound moved by %.4f +- %.4f; variance %.2f with a line, %.2f as learnt\n",
                  moved.mean, moved.half_width, before, after);
    assert_true(fabs(moved.mean) <= moved.half_width);
    assert_true(after < before);
    trained_free(&bent);
    trained_free(&line);
    study_close(&s);
}

int prop_answers_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddpm_knows_the_mixture),
        cmocka_unit_test(vdm_knows_the_mixture),
        cmocka_unit_test(both_know_ar1),
        cmocka_unit_test(gamma_moves_the_variance_alone),
    };
    return cmocka_run_group_tests_name("known answers of diffusion", tests, NULL, NULL);
}
