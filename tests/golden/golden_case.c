/* Reading and comparing: see golden.h. */
#include "golden/golden.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const golden *g, const char *key)
{
    const char *const text = traj_tensors_meta(&g->file, key);
    if (!text) fail_msg("%s: no '%s' in the file's metadata", g->name, key);
    return text;
}

static double number_of(const golden *g, const char *key)
{
    const char *const text = text_of(g, key);
    char *end;
    const double number = strtod(text, &end);
    if (end == text || *end) fail_msg("%s: '%s' is no number: %s", g->name, key, text);
    return number;
}

static int whole_of(const golden *g, const char *key)
{
    return (int)number_of(g, key);
}

const traj_tensor *golden_tensor(const golden *g, const char *prefix, const char *name)
{
    char full[sizeof((traj_tensor *)0)->name];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const traj_tensor *const tensor = traj_tensors_find(&g->file, full);
    if (!tensor) fail_msg("%s: no tensor '%s'", g->name, full);
    return tensor;
}

double golden_item(const traj_tensor *tensor, size_t i)
{
    assert_true(tensor->dtype == TRAJ_F32 || tensor->dtype == TRAJ_F64);
    return tensor->dtype == TRAJ_F64 ? ((const double *)tensor->data)[i]
                                     : (double)((const float *)tensor->data)[i];
}

static void copy(const golden *g, const char *prefix, const char *name, traj_real *out,
                 size_t count)
{
    const traj_tensor *const tensor = golden_tensor(g, prefix, name);
    assert_int_equal(traj_tensor_items(tensor), count);
    for (size_t i = 0; i < count; i++) out[i] = TRAJ_R(golden_item(tensor, i));
}

static void read_recurrent(const golden *g, traj_model_config *config)
{
    config->latent = whole_of(g, "latent");
    config->rounds = whole_of(g, "rounds");
    config->output = whole_of(g, "output");
    config->components = whole_of(g, "components");
    config->sd_floor = number_of(g, "sd_floor");
    config->residual = whole_of(g, "residual");
}

static void read_diffusion(const golden *g, traj_model_config *config)
{
    config->horizon = whole_of(g, "horizon");
    config->width = whole_of(g, "width");
    config->blocks = whole_of(g, "blocks");
    config->fourier = whole_of(g, "fourier");
    config->diffusion_steps = whole_of(g, "diffusion_steps");
    config->schedule = whole_of(g, "schedule");
    config->gamma = whole_of(g, "gamma");
    config->predict = whole_of(g, "predict");
    config->variance = whole_of(g, "variance");
    config->loss = whole_of(g, "loss");
}

static void make_model(golden *g)
{
    traj_model_config config;
    traj_error err;
    traj_model_config_init(&config);
    snprintf(config.type, sizeof config.type, "%s", text_of(g, "type"));
    config.hidden = whole_of(g, "hidden");
    config.attention = whole_of(g, "attention");
    if (g->diffusion)
        read_diffusion(g, &config);
    else
        read_recurrent(g, &config);
    if (traj_model_new(&config, &g->model, &err) != TRAJ_OK) fail_msg("%s: %s", g->name, err.text);
}

/* Carves what is read from the file and the gradients. */
static void take(golden *g, traj_arena *arena)
{
    const traj_layout *const layout = traj_model_layout(g->model);
    const size_t scenes = (size_t)whole_of(g, "scenes"), agents = (size_t)whole_of(g, "agents");
    traj_batch_take(&g->batch, (int)scenes, (int)agents, whole_of(g, "steps"), arena);
    if (!g->diffusion) {
        g->free_known = traj_arena_reals(arena, scenes * agents * TRAJ_KNOWN);
        g->free_edge = traj_arena_reals(arena, scenes * agents * agents * TRAJ_EDGE_FEATURES);
    }
    g->params = (traj_params){layout, traj_arena_reals(arena, layout->size)};
    g->grads = (traj_params){layout, traj_arena_reals(arena, layout->size)};
}

static void fill_batch(golden *g)
{
    const traj_batch *const batch = &g->batch;
    const size_t scenes = (size_t)batch->scenes, agents = (size_t)batch->agents;
    const size_t rows = scenes * agents, all = rows * (size_t)batch->steps;
    const traj_tensor *const scene = golden_tensor(g, "", "scene");
    copy(g, "", "x", batch->x, all * 2);
    copy(g, "", "known", batch->known, all * TRAJ_KNOWN);
    copy(g, "", "edge", batch->edge, all * agents * TRAJ_EDGE_FEATURES);
    copy(g, "", "present", batch->present, all);
    copy(g, "", "target", batch->target, all);
    copy(g, "", "log_scale", batch->log_scale, rows);
    if (!g->diffusion) {
        copy(g, "", "free_known", g->free_known, rows * TRAJ_KNOWN);
        copy(g, "", "free_edge", g->free_edge, rows * agents * TRAJ_EDGE_FEATURES);
    }
    assert_true(scene->dtype == TRAJ_I64 && traj_tensor_items(scene) == scenes);
    for (size_t b = 0; b < scenes; b++)
        batch->scene[b] = (uint32_t)((const int64_t *)scene->data)[b];
}

void golden_reset(golden *g)
{
    const traj_layout *const layout = g->params.layout;
    for (int p = 0; p < layout->count; p++)
        copy(g, "param/", layout->param[p].name, traj_param_vec(g->params, p),
             (size_t)layout->param[p].rows * (size_t)layout->param[p].cols);
}

static void read_training(golden *g)
{
    g->objective = (traj_objective){number_of(g, "kl_weight"), number_of(g, "free_bits")};
    g->adamw = (traj_adamw){number_of(g, "lr"), number_of(g, "beta1"), number_of(g, "beta2"),
                            number_of(g, "epsilon"), number_of(g, "decay")};
}

void golden_open(golden *g, const char *name)
{
    char path[512];
    traj_error err;
    traj_arena dry;
    *g = (golden){.name = name};
    snprintf(path, sizeof path, "%s/tests/golden/%s.safetensors", TRAJ_SOURCE_DIR, name);
    if (traj_tensors_read(path, &g->file, &err) != TRAJ_OK) fail_msg("%s", err.text);
    g->diffusion = traj_tensors_find(&g->file, "sample") != NULL;
    make_model(g);
    traj_arena_init_dry(&dry);
    take(g, &dry);
    assert_int_equal(traj_arena_init(&g->memory, dry.used, &err), TRAJ_OK);
    take(g, &g->memory);
    fill_batch(g);
    golden_reset(g);
    const uint64_t seed = strtoull(text_of(g, "seed"), NULL, 10);
    const uint32_t step = (uint32_t)whole_of(g, "noise_step");
    g->latent = (traj_noise){seed, TRAJ_STREAM_LATENT, step};
    g->output = (traj_noise){seed, TRAJ_STREAM_OUTPUT, step};
    if (!g->diffusion) read_training(g);
}

void golden_close(golden *g)
{
    traj_arena_free(&g->memory);
    traj_model_destroy(g->model);
    traj_tensors_free(&g->file);
}

void golden_compare(const golden *g, const traj_tensor *expected, const traj_real *actual,
                    double tolerance)
{
    double scale = 1, worst = 0;
    size_t at = 0;
    for (size_t i = 0; i < traj_tensor_items(expected); i++) {
        const double error = fabs((double)actual[i] - golden_item(expected, i));
        scale = fmax(scale, fabs(golden_item(expected, i)));
        if (!(error <= worst)) {
            worst = error;
            at = i;
        }
    }
    if (!(worst <= tolerance * scale))
        fail_msg("%s, %s: item %zu is %.12g, PyTorch has %.12g; %.2g apart with numbers up to %.2g",
                 g->name, expected->name, at, (double)actual[at], golden_item(expected, at), worst,
                 scale);
}
