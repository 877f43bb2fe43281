/* Likelihoods against data whose entropy is known: docs/mathematics/known_answers.md.
 *
 * No model can beat the exact log density of what it sees, and a good one comes close. Both are
 * tested on held-out sequences by the difference to the exact log density of the same sequences,
 * which has a far narrower confidence interval than the bound itself. TRAJ_SLOW=1 trains longer and
 * asks for more; its numbers are in docs/results.md. */
#include "prop/entropy_data.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "traj/gen/score.h"
#include "traj/train/trainer.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Displacements of about a metre. AR(1) starts stationary, at 1 / sqrt(1 - 0.81). */
static const entropy_process ar1 = {
    .keep = 0.9, .noise_m = 1, .start_m = 3, .before_m = 2.2941573387056176};
static const entropy_process slanted = {
    .keep = 0.5, .noise_m = 1, .start_m = 3, .correlation = 0.8};
static const entropy_process springs = {.keep = 0.5, .pull = 0.7, .noise_m = 1, .start_m = 2};
/* For the answers themselves: nothing is zero. */
static const entropy_process general = {
    .keep = 0.3, .pull = 0.4, .noise_m = 0.7, .start_m = 1.5, .before_m = 0.6, .correlation = -0.5};

enum { STEPS = 20, IMPORTANCE = 8 };

/* How long to train, and how close to come then. */
typedef struct effort {
    size_t sequences;
    int epochs, hidden, latent;
    double rate;
    double entropy_share; /* largest distance to an exact entropy, as a share of it */
    double gap_share;     /* largest error of a gap between models, as a share of it */
} effort;

static effort effort_chosen(void)
{
    const char *const slow = getenv("TRAJ_SLOW");
    return slow && strcmp(slow, "0") != 0 ? (effort){32768, 12, 32, 4, 5e-3, 0.005, 0.05}
                                          : (effort){8192, 8, 16, 2, 1e-2, 0.01, 0.1};
}

enum { DENSE_STEPS = 5, SOURCES = 3 + 2 * DENSE_STEPS };

/* What source i alone, at one standard deviation, does to the first agent's displacements: the
 * sources are the partner's first position, both displacements before, and the noise. */
static void response(const entropy_process *process, int i, double x[DENSE_STEPS])
{
    entropy_pair pair = {0};
    pair.pos[1] = i == 0 ? process->start_m : 0;
    for (int a = 0; a < 2; a++) pair.before[a] = i == 1 + a ? process->before_m : 0;
    for (int t = 0; t < DENSE_STEPS; t++) {
        const double e[2] = {i == 3 + 2 * t, i == 4 + 2 * t};
        entropy_step(process, &pair, e);
        x[t] = pair.before[0];
    }
}

/* The entropy of an agent's path by its covariance matrix: the obvious twin of the
 * filter. */
static double dense_entropy(const entropy_process *process)
{
    double cov[DENSE_STEPS][DENSE_STEPS] = {{0}}, x[DENSE_STEPS], log_det = 0;
    for (int i = 0; i < SOURCES; i++) {
        response(process, i, x);
        for (int t = 0; t < DENSE_STEPS; t++)
            for (int u = 0; u < DENSE_STEPS; u++) cov[t][u] += x[t] * x[u];
    }
    for (int p = 0; p < DENSE_STEPS; p++) { /* pivots of the elimination: their product is det */
        log_det += log(cov[p][p]);
        for (int t = p + 1; t < DENSE_STEPS; t++)
            for (int u = p + 1; u < DENSE_STEPS; u++)
                cov[t][u] -= cov[t][p] * cov[p][u] / cov[p][p];
    }
    return log(2 * 3.14159265358979323846) + 1 + log_det / DENSE_STEPS +
           0.5 * log(1 - process->correlation * process->correlation);
}

static void filter_equals_dense(void **state)
{
    const entropy_process *const cases[] = {&ar1, &slanted, &springs, &general};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(fabs(entropy_rate(cases[i], DENSE_STEPS, ENTROPY_OWN) -
                         dense_entropy(cases[i])) < 1e-12);
}

/* A scene's exact log density as a score, for its mean and interval. */
static double exact_density(const traj_scene_score *score)
{
    return -score->nll;
}

/* The generated positions have the entropy that is claimed for them, in either view. */
static void data_has_the_entropy(void **state)
{
    enum { SEQUENCES = 32768 };
    static const entropy_view views[] = {ENTROPY_OWN, ENTROPY_BOTH};
    static traj_scene_score score[SEQUENCES];
    traj_error err;
    traj_recording recording;
    (void)state;
    traj_recording_init(&recording);
    assert_int_equal(entropy_record(&general, SEQUENCES, STEPS + 1, 3, &recording, &err), TRAJ_OK);
    for (int v = 0; v < 2; v++) {
        for (size_t i = 0; i < SEQUENCES; i++)
            score[i] = (traj_scene_score){
                .nll = -entropy_log_density(&general, &recording.sequence[i], views[v]),
                .count = 2 * STEPS};
        const traj_mean density = traj_score_mean(score, SEQUENCES, exact_density);
        assert_true(fabs(density.mean + entropy_rate(&general, STEPS, views[v])) <=
                    density.half_width);
    }
    traj_recording_free(&recording);
}

/* Data of one process, split into training, validation and test. */
typedef struct study {
    const entropy_process *process;
    effort effort;
    traj_recording recording;
    traj_windows train, valid, test;
    traj_norm norm;
} study;

static void cut(const study *s, double from, double to, traj_windows *windows)
{
    traj_error err;
    assert_int_equal(
        traj_windows_cut(&s->recording, 1, STEPS + 1, STEPS + 1, from, to, 0, windows, &err),
        TRAJ_OK);
}

static void study_open(study *s, const entropy_process *process)
{
    traj_error err;
    *s = (study){.process = process, .effort = effort_chosen()};
    traj_recording_init(&s->recording);
    assert_int_equal(
        entropy_record(process, s->effort.sequences, STEPS + 1, 17, &s->recording, &err), TRAJ_OK);
    cut(s, 0, 0.75, &s->train);
    cut(s, 0.75, 0.8125, &s->valid);
    cut(s, 0.8125, 1, &s->test);
    assert_int_equal(s->train.count + s->valid.count + s->test.count, s->effort.sequences);
    assert_int_equal(traj_norm_fit(&s->recording, &s->train, &s->norm, &err), TRAJ_OK);
}

static void study_close(study *s)
{
    traj_windows_free(&s->train);
    traj_windows_free(&s->valid);
    traj_windows_free(&s->test);
    traj_recording_free(&s->recording);
}

/* Mean per agent-step of held-out sequences, nats. An excess is that of the bound over the exact
 * log density of the same sequences: without most of the data's own scatter. */
typedef struct result {
    traj_mean elbo, elbo_excess;
    traj_mean importance, importance_excess;
} result;

static double elbo(const traj_scene_score *score)
{
    return -(score->nll + score->kl);
}

static double importance(const traj_scene_score *score)
{
    return score->iwae;
}

static void train(const study *s, const traj_model *model, traj_real *weights)
{
    traj_error err;
    traj_report report;
    traj_train_config config;
    traj_train_config_init(&config);
    config.epochs = config.lr_epochs = s->effort.epochs;
    config.learning_rate = s->effort.rate;
    /* mirrored at one axis, correlated noise has another law */
    config.mirror = s->process->correlation == 0;
    config.batch = 32;
    config.shard = 16;
    config.threads = 1;
    const traj_training training = {.config = &config,
                                    .model = model,
                                    .recording = &s->recording,
                                    .train = &s->train,
                                    .valid = &s->valid,
                                    .norm = &s->norm,
                                    .folder = "",
                                    .quiet = true};
    assert_int_equal(traj_train(&training, weights, &report, &err), TRAJ_OK);
    print_message("%s: %ld steps, %.1f s\n", traj_model_type_of(model)->name, report.steps,
                  report.seconds);
}

static result held_out(const study *s, const traj_model *model, traj_real *weights,
                       entropy_view view)
{
    traj_error err;
    traj_pool *pool;
    const size_t scenes = s->test.count;
    const traj_score_job job = {.model = model,
                                .params = {traj_model_layout(model), weights},
                                .norm = &s->norm,
                                .recording = &s->recording,
                                .windows = &s->test,
                                .importance = IMPORTANCE,
                                .seed = 5};
    traj_scene_score *const score = traj_alloc(scenes, sizeof *score);
    assert_non_null(score);
    assert_int_equal(traj_pool_new(&pool, 1, &err), TRAJ_OK);
    assert_int_equal(traj_score_run(&job, pool, score, &err), TRAJ_OK);
    traj_pool_destroy(pool);
    result r = {.elbo = traj_score_mean(score, scenes, elbo),
                .importance = traj_score_mean(score, scenes, importance)};
    for (size_t i = 0; i < scenes; i++) {
        const double exact =
            entropy_log_density(s->process, &s->recording.sequence[s->test.item[i].sequence], view);
        score[i].nll += exact;
        score[i].iwae -= exact;
    }
    r.elbo_excess = traj_score_mean(score, scenes, elbo);
    r.importance_excess = traj_score_mean(score, scenes, importance);
    traj_free(score);
    return r;
}

/* Trains the model and scores what it has not seen. In every case the bound must not beat what
 * the model's view allows. */
static result bound_of(const study *s, const char *name, traj_output_kind output, entropy_view view)
{
    traj_error err;
    traj_model *model;
    traj_model_config config;
    const double exact = entropy_rate(s->process, STEPS, view);
    traj_model_config_init(&config);
    strcpy(config.type, name);
    config.hidden = s->effort.hidden;
    config.latent = s->effort.latent;
    config.output = (int)output;
    assert_int_equal(traj_model_new(&config, &model, &err), TRAJ_OK);
    traj_real *const weights = traj_alloc(traj_model_layout(model)->size, sizeof *weights);
    assert_non_null(weights);
    train(s, model, weights);
    const result r = held_out(s, model, weights, view);
    print_message("  exact %.4f, ELBO %.4f +- %.4f, importance-weighted %.4f +- %.4f;\n"
                  "  less the exact log density: %.4f +- %.4f and %.4f +- %.4f\n",
                  -exact, r.elbo.mean, r.elbo.half_width, r.importance.mean,
                  r.importance.half_width, r.elbo_excess.mean, r.elbo_excess.half_width,
                  r.importance_excess.mean, r.importance_excess.half_width);
    assert_true(r.elbo.mean <= -exact + r.elbo.half_width);
    assert_true(r.importance.mean <= -exact + r.importance.half_width);
    assert_true(r.elbo_excess.mean <= r.elbo_excess.half_width);
    assert_true(r.importance_excess.mean <= r.importance_excess.half_width);
    assert_true(r.importance.mean >= r.elbo.mean - r.elbo_excess.half_width);
    traj_free(weights);
    traj_model_destroy(model);
    return r;
}

/* Whether the ELBO comes within the effort's share of the exact entropy. */
static bool is_close(const study *s, result r, entropy_view view)
{
    const double allowed = s->effort.entropy_share * entropy_rate(s->process, STEPS, view);
    return r.elbo.mean >= -entropy_rate(s->process, STEPS, view) - allowed &&
           r.elbo_excess.mean >= -allowed;
}

static bool is_gap(const study *s, double found, double gap)
{
    print_message("  gap: exact %.4f, found %.4f\n", gap, found);
    return gap > 0.3 && fabs(found - gap) <= s->effort.gap_share * gap;
}

/* Models that see more than they need, or have a latent without use: on independent AR(1)
 * displacements all have the same answer. */
static void ar1_bound(void **state)
{
    static const char *const names[] = {"rnn", "vrnn", "gvrnn"};
    study s;
    (void)state;
    study_open(&s, &ar1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(is_close(&s, bound_of(&s, names[i], TRAJ_OUTPUT_BIVARIATE, ENTROPY_BOTH),
                             ENTROPY_BOTH));
    study_close(&s);
}

/* A diagonal output cannot say that x and y move together: it costs the mutual information
 * -log(1 - r^2)/2. A latent can say it, as x = mu + W z + noise, and its bound loses nothing. */
static void latent_gap(void **state)
{
    study s;
    (void)state;
    study_open(&s, &slanted);
    const double gap = -0.5 * log(1 - slanted.correlation * slanted.correlation);
    const result without = bound_of(&s, "rnn", TRAJ_OUTPUT_DIAGONAL, ENTROPY_OWN);
    const result with = bound_of(&s, "vrnn", TRAJ_OUTPUT_DIAGONAL, ENTROPY_OWN);
    assert_true(is_gap(&s, with.elbo.mean - without.elbo.mean, gap));
    assert_true(without.importance_excess.mean <= -gap + without.importance_excess.half_width);
    study_close(&s);
}

/* A model per agent must infer its partner from its own past; message passing sees it. */
static void springs_gap(void **state)
{
    study s;
    (void)state;
    study_open(&s, &springs);
    const double gap = entropy_rate(&springs, STEPS, ENTROPY_OWN) -
                       entropy_rate(&springs, STEPS, ENTROPY_BOTH);
    const result alone = bound_of(&s, "vrnn", TRAJ_OUTPUT_BIVARIATE, ENTROPY_OWN);
    const result together = bound_of(&s, "gvrnn", TRAJ_OUTPUT_BIVARIATE, ENTROPY_BOTH);
    assert_true(is_gap(&s, together.elbo.mean - alone.elbo.mean, gap));
    assert_true(is_close(&s, together, ENTROPY_BOTH));
    study_close(&s);
}

int prop_entropy_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filter_equals_dense), cmocka_unit_test(data_has_the_entropy),
        cmocka_unit_test(ar1_bound),           cmocka_unit_test(latent_gap),
        cmocka_unit_test(springs_gap),
    };
    return cmocka_run_group_tests_name("known entropy", tests, NULL, NULL);
}
