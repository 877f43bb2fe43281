/* The table of layers: one row per backward function and case, and the check that none is missing.
 */
#include "grad/grad_layers.h"
#include "grad/grad_groups.h"
#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LINEAR   "traj_linear_backward traj_linear_gradient"
#define RELU     "traj_relu_backward traj_bias_gradient"
#define MESSAGE  "traj_message_backward traj_message_gradient"
#define GRAPH    "traj_graph_backward traj_graph_gradient"
#define DENOISER "traj_past_backward traj_denoiser_backward"

/* Message passing has a path of its own for 10 edge features and whole vectors of hidden units (8
 * in the double build); 7, 13 and 20 end in a part of a vector. */
static const grad_row rows[] = {
    {LINEAR, "linear", &grad_linear, {.rows = 5, .in = 3, .out = 7}},
    {LINEAR, "linear, one row", &grad_linear, {.rows = 1, .in = 2, .out = 9}},
    {LINEAR, "linear, one of each", &grad_linear, {.rows = 1, .in = 1, .out = 1}},
    {"traj_bias_gradient", "bias", &grad_bias, {.rows = 5, .out = 7}},
    {"traj_bias_gradient", "bias, one of each", &grad_bias, {.rows = 1, .out = 1}},
    {RELU, "relu", &grad_relu, {.rows = 6, .out = 7}},
    {RELU, "relu, one row", &grad_relu, {.rows = 1, .out = 17}},
    {"traj_relu_backward", "relu, no bias", &grad_relu, {.rows = 3, .out = 5, .no_bias = true}},
    {"traj_mlp_backward", "mlp, 1", &grad_mlp, {.rows = 5, .in = 3, .out = 7, .layers = 1}},
    {"traj_mlp_backward", "mlp, 2", &grad_mlp, {.rows = 5, .in = 2, .out = 7, .layers = 2}},
    {"traj_mlp_backward", "mlp, 3", &grad_mlp, {.rows = 1, .in = 4, .out = 5, .layers = 3}},
    {"traj_mlp_backward",
     "mlp, no dx",
     &grad_mlp,
     {.rows = 4, .in = 3, .out = 6, .layers = 2, .no_input = true}},
    {"traj_gru_backward", "gru", &grad_gru, {.rows = 5, .out = 7}},
    {"traj_gru_backward", "gru, absent rows", &grad_gru, {.rows = 7, .out = 7, .absent = 1}},
    {"traj_gru_backward", "gru, most absent", &grad_gru, {.rows = 4, .out = 16, .absent = 2}},
    {"traj_gru_backward", "gru, one row", &grad_gru, {.rows = 1, .out = 19}},
    {"traj_gru_backward", "gru, one of each", &grad_gru, {.rows = 1, .out = 1}},
    {MESSAGE,
     "message, no edges",
     &grad_message,
     {.scenes = 2, .agents = 3, .in = 4, .out = 7, .no_edges = true}},
    {MESSAGE,
     "message, mean, no features",
     &grad_message,
     {.scenes = 2, .agents = 4, .in = 3, .out = 7}},
    {MESSAGE,
     "message, mean, 3 features",
     &grad_message,
     {.scenes = 2, .agents = 4, .in = 3, .out = 7, .features = 3, .absent = 1}},
    {MESSAGE,
     "message, mean, tail only",
     &grad_message,
     {.scenes = 3, .agents = 5, .in = 3, .out = 7, .features = 10, .absent = 2}},
    {MESSAGE,
     "message, mean, whole vectors",
     &grad_message,
     {.scenes = 2, .agents = 4, .in = 2, .out = 16, .features = 10, .absent = 1}},
    {MESSAGE,
     "message, mean, more vectors",
     &grad_message,
     {.scenes = 1, .agents = 3, .in = 2, .out = 32, .features = 10}},
    {MESSAGE,
     "message, mean, vectors and tail",
     &grad_message,
     {.scenes = 2, .agents = 3, .in = 2, .out = 20, .features = 10, .absent = 1}},
    {MESSAGE,
     "message, mean, whole vectors, 6 features",
     &grad_message,
     {.scenes = 2, .agents = 3, .in = 2, .out = 16, .features = 6, .absent = 1}},
    {MESSAGE,
     "message, mean, most features",
     &grad_message,
     {.scenes = 1, .agents = 3, .in = 2, .out = 9, .features = 16}},
    {MESSAGE,
     "message, mean, one agent",
     &grad_message,
     {.scenes = 3, .agents = 1, .in = 3, .out = 7, .features = 10}},
    {MESSAGE,
     "message, mean, two agents",
     &grad_message,
     {.scenes = 2, .agents = 2, .in = 3, .out = 7, .features = 10}},
    {MESSAGE,
     "message, mean, one of two left",
     &grad_message,
     {.scenes = 2, .agents = 2, .in = 3, .out = 8, .features = 10, .absent = 1}},
    {MESSAGE,
     "message, mean, nobody",
     &grad_message,
     {.scenes = 1, .agents = 3, .in = 3, .out = 8, .features = 10, .absent = 3}},
    {MESSAGE,
     "message, attention",
     &grad_message,
     {.scenes = 2, .agents = 5, .in = 3, .out = 7, .features = 10, .attention = 3, .absent = 1}},
    {MESSAGE,
     "message, attention, no features",
     &grad_message,
     {.scenes = 1, .agents = 4, .in = 3, .out = 16, .attention = 5}},
    {MESSAGE,
     "message, attention, whole vectors",
     &grad_message,
     {.scenes = 1, .agents = 4, .in = 3, .out = 16, .features = 10, .attention = 1}},
    {MESSAGE,
     "message, attention, one agent",
     &grad_message,
     {.scenes = 2, .agents = 1, .in = 3, .out = 7, .features = 10, .attention = 2}},
    {MESSAGE,
     "message, attention, two agents",
     &grad_message,
     {.scenes = 1, .agents = 2, .in = 3, .out = 7, .features = 10, .attention = 2}},
    {MESSAGE,
     "message, attention, nobody",
     &grad_message,
     {.scenes = 1, .agents = 2, .in = 3, .out = 7, .features = 10, .attention = 2, .absent = 2}},
    {GRAPH,
     "graph, no rounds",
     &grad_graph,
     {.scenes = 2, .agents = 3, .in = 4, .out = 7, .features = 10}},
    {GRAPH,
     "graph, one round",
     &grad_graph,
     {.scenes = 2, .agents = 4, .in = 4, .out = 13, .features = 10, .rounds = 1, .absent = 1}},
    {GRAPH,
     "graph, three rounds",
     &grad_graph,
     {.scenes = 2, .agents = 3, .in = 3, .out = 7, .features = 10, .rounds = 3, .absent = 1}},
    {GRAPH,
     "graph, three rounds, attention",
     &grad_graph,
     {.scenes = 2, .agents = 3, .in = 3, .out = 5, .features = 10, .rounds = 3, .attention = 2}},
    {GRAPH,
     "graph, three rounds, one agent",
     &grad_graph,
     {.scenes = 1, .agents = 1, .in = 3, .out = 7, .features = 10, .rounds = 3}},
    {"traj_film_backward", "film", &grad_film, {.rows = 5, .in = 3, .out = 7}},
    {"traj_film_backward", "film, one row", &grad_film, {.rows = 1, .in = 7, .out = 19}},
    {"traj_film_backward", "film, one of each", &grad_film, {.rows = 1, .in = 1, .out = 1}},
    {DENOISER,
     "denoiser, all there",
     &grad_denoiser,
     {.scenes = 1,
      .agents = 2,
      .in = 3,
      .out = 5,
      .layers = 1,
      .observed = 2,
      .horizon = 2,
      .outputs = 2}},
    {DENOISER,
     "denoiser, absent agents",
     &grad_denoiser,
     {.scenes = 2,
      .agents = 4,
      .absent = 1,
      .in = 4,
      .out = 9,
      .layers = 2,
      .observed = 3,
      .horizon = 2,
      .outputs = 2}},
    {DENOISER,
     "denoiser, variances, Fourier features",
     &grad_denoiser,
     {.scenes = 2,
      .agents = 3,
      .absent = 1,
      .in = 3,
      .out = 5,
      .layers = 2,
      .observed = 2,
      .horizon = 3,
      .outputs = 4,
      .fourier = 2}},
    {DENOISER,
     "denoiser, attention",
     &grad_denoiser,
     {.scenes = 2,
      .agents = 4,
      .absent = 1,
      .in = 3,
      .out = 5,
      .layers = 2,
      .attention = 2,
      .observed = 2,
      .horizon = 1,
      .outputs = 4,
      .fourier = 1}},
    {DENOISER,
     "denoiser, one agent",
     &grad_denoiser,
     {.scenes = 2,
      .agents = 1,
      .in = 3,
      .out = 5,
      .layers = 1,
      .attention = 2,
      .observed = 3,
      .horizon = 2,
      .outputs = 2,
      .fourier = 2}},
    {DENOISER,
     "denoiser, one of two left",
     &grad_denoiser,
     {.scenes = 1,
      .agents = 2,
      .absent = 1,
      .in = 2,
      .out = 4,
      .layers = 3,
      .observed = 1,
      .horizon = 1,
      .outputs = 4}},
    {DENOISER,
     "denoiser, no past",
     &grad_denoiser,
     {.scenes = 2, .agents = 2, .in = 3, .out = 4, .layers = 1, .horizon = 2, .outputs = 2}},
    {"traj_latent_backward", "latent, set", &grad_latent, {.rows = 5, .out = 7, .write = TRAJ_SET}},
    {"traj_latent_backward",
     "latent, add",
     &grad_latent,
     {.rows = 1, .out = 19, .write = TRAJ_ADD}},
    {"traj_latent_backward",
     "latent, one of each",
     &grad_latent,
     {.rows = 1, .out = 1, .write = TRAJ_SET}},
    {"traj_kl_backward", "kl", &grad_kl, {.rows = 5, .out = 7}},
    {"traj_kl_backward", "kl, in place", &grad_kl, {.rows = 4, .out = 17, .alias = true}},
    {"traj_kl_backward", "kl, one of each", &grad_kl, {.rows = 1, .out = 1}},
    {"traj_output_backward", "diagonal", &grad_output, {.rows = 5, .kind = 0}},
    {"traj_output_backward", "diagonal, skip", &grad_output, {.rows = 5, .kind = 0, .skip = true}},
    {"traj_output_backward", "bivariate", &grad_output, {.rows = 7, .kind = 1}},
    {"traj_output_backward", "bivariate, skip", &grad_output, {.rows = 1, .kind = 1, .skip = true}},
    {"traj_output_backward", "mixture of 1", &grad_output, {.rows = 4, .kind = 2, .components = 1}},
    {"traj_output_backward", "mixture of 3", &grad_output, {.rows = 5, .kind = 2, .components = 3}},
    {"traj_output_backward",
     "mixture of 5, skip",
     &grad_output,
     {.rows = 3, .kind = 2, .components = 5, .skip = true}},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void all_layers(void **state)
{
    (void)state;
    int failed = 0;
    for (int i = 0; i < ROWS; i++) {
        char worst[GRAD_NAME];
        const double error = grad_row_error(&rows[i], worst);
        if (error < GRAD_TOLERANCE) continue;
        print_error("%s (%s): %s (relative error %.2g)\n", rows[i].name, rows[i].proves, worst,
                    error);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static bool proved(const char *function)
{
    for (int i = 0; i < ROWS; i++)
        if (grad_row_proves(&rows[i], function)) return true;
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), part = strlen(end);
    return length >= part && !strcmp(text + length - part, end);
}

typedef struct scan {
    int functions, missing;
} scan;

/* A name right before a parenthesis is declared there, or used in a comment as a function. */
static void scan_line(scan *found, const char *file, const char *line)
{
    for (const char *at = line; (at = strstr(at, "traj_")) != NULL;) {
        char name[64];
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) || at[length] == '_') length++;
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        at += length;
        if (*at != '(' || !(ends_with(name, "_backward") || ends_with(name, "_gradient"))) continue;
        found->functions++;
        if (proved(name)) continue;
        print_error("%s: %s has no row in the table of layers\n", file, name);
        found->missing++;
    }
}

static void scan_file(scan *found, const char *folder, const char *file)
{
    char path[1024], line[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *const stream = fopen(path, "r");
    assert_non_null(stream);
    while (fgets(line, sizeof line, stream)) scan_line(found, file, line);
    fclose(stream);
}

static void every_backward_has_a_row(void **state)
{
    (void)state;
    const char *const folder = TRAJ_SOURCE_DIR "/include/traj/nn";
    scan found = {0};
    DIR *const list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (ends_with(entry->d_name, ".h")) scan_file(&found, folder, entry->d_name);
    closedir(list);
    assert_true(found.functions >= 13); /* as many as there were when this was written */
    assert_int_equal(found.missing, 0);
}

static void a_missing_row_is_noticed(void **state)
{
    (void)state;
    scan found = {0};
    scan_line(&found, "a line with one known and one unknown name",
              "void traj_gru_backward(int); void traj_gru_back_backward(int);");
    assert_int_equal(found.functions, 2);
    assert_int_equal(found.missing, 1);
}

int grad_layer_tests(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_layers),
                                       cmocka_unit_test(every_backward_has_a_row),
                                       cmocka_unit_test(a_missing_row_is_noticed)};
    return cmocka_run_group_tests_name("layers", tests, NULL, NULL);
}
