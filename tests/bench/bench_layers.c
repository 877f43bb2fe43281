/* The speed of single layers at the shapes of the default model: a job of 4 scenes of 23 agents,
 * hidden 64, latent 16, on one thread, operands as warm as the run before left them.
 *
 *   usage: bench_layers [--quick]     prints CSV: op,dims,GFLOP/s,GB/s,ns per row
 *
 * Each operation runs again and again for a fifth of a second (--quick: three times); the fastest
 * run counts. dims are the operands, results first. GB/s takes every operand once, those changed in
 * place twice: what must move, not what does. GFLOP/s is left empty where most of the work is
 * elementary functions, of which a count of operations would say nothing. A row is one of the first
 * operand. */
#include "traj/base/progress.h"
#include "traj/data/features.h"
#include "traj/nn/gru.h"
#include "traj/nn/latent.h"
#include "traj/nn/message.h"
#include "traj/nn/output.h"
#include "traj/num/vmath.h"
#include "traj/train/adamw.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* S scenes of A agents: R rows, Q pairs, over all T steps N rows. H hidden, Z latent, E edge
 * features, K attention, G components. P columns of projections, PK with attention. L weights. */
enum { S = 4, A = 23, R = S * A, Q = R * A, T = 50, N = T * R, L = 65536 };
enum { H = 64, Z = 16, E = TRAJ_EDGE_FEATURES, K = 16, G = 5, P = 3 * H, PK = P + 2 * K };
enum { MOST_OPERANDS = 6 };

static const traj_real floor_n = TRAJ_R(1e-3); /* of standard deviations */

typedef struct bench {
    traj_arena arena; /* owned */
    double seconds;   /* at least so long for each operation */
    unsigned char kind[A];
    traj_real present[R], mean[R * A]; /* all present; [S,A,A] */
    traj_layout weights;               /* of AdamW's row */
    traj_layout layout[2];             /* of message passing with the mean, with attention */
    traj_message message[2];
    traj_params params[2];
    traj_message_fold fold[2];
} bench;

typedef struct operation operation;
struct operation {
    const char *name;
    void (*run)(const operation *op, bench *b, const traj_mat *m);
    int which; /* of several alike */
    struct {
        int rows, cols;
    } shape[MOST_OPERANDS]; /* of m */
    int changed;  /* the first so many operands are changed in place: restored before each run */
    double flops; /* of one run; 0 = not counted */
};

static void gemm(const operation *op, bench *b, const traj_mat *m)
{
    static void (*const product[])(traj_mat, traj_mat, traj_mat,
                                   traj_write) = {traj_gemm_nt, traj_gemm_nn, traj_gemm_tn};
    (void)b;
    product[op->which](m[0], m[1], m[2], TRAJ_SET);
}

/* The caller's operands as a use of message passing; m = p, m, o, feature, weight. */
static traj_message_trace trace_of(const operation *op, const traj_mat *m)
{
    return (traj_message_trace){m[0], m[1], m[2], op->which ? m[4].data : NULL};
}

static traj_scenes scenes_of(const bench *b, const traj_mat *m)
{
    return (traj_scenes){S, A, m[3].data, b->mean};
}

static void edge_forward(const operation *op, bench *b, const traj_mat *m)
{
    const int k = op->which;
    traj_message_forward(&b->message[k], b->params[k], &b->fold[k], scenes_of(b, m),
                         trace_of(op, m));
}

static void edge_backward(const operation *op, bench *b, const traj_mat *m)
{
    const int k = op->which;
    traj_message_backward(&b->message[k], b->params[k], &b->fold[k], scenes_of(b, m),
                          trace_of(op, m), m[5], &b->arena);
}

static void gru_forward(const operation *op, bench *b, const traj_mat *m)
{
    (void)op;
    traj_gru_forward(m[2], m[0], m[1], m[4].data, m[3], b->present);
}

static void gru_backward(const operation *op, bench *b, const traj_mat *m)
{
    (void)op;
    traj_gru_backward(m[2], m[0], m[1], m[3], m[4], b->present);
}

static void latent(const operation *op, bench *b, const traj_mat *m)
{
    (void)op, (void)b;
    traj_latent_forward(m[0], m[1], m[2], floor_n);
}

static void latent_backward(const operation *op, bench *b, const traj_mat *m)
{
    (void)op, (void)b;
    traj_latent_backward(m[0], m[1], m[2], m[3], TRAJ_SET);
}

static void kl(const operation *op, bench *b, const traj_mat *m)
{
    (void)op;
    traj_kl_forward(m[0].data, m[1], m[2], b->present, floor_n);
}

static void kl_backward(const operation *op, bench *b, const traj_mat *m)
{
    (void)op;
    traj_kl_backward(m[0], m[1], m[2], m[3], b->present, floor_n);
}

static void output(const operation *op, bench *b, const traj_mat *m)
{
    const traj_output head = {op->which, G, floor_n};
    traj_output_forward(&head, m[0].data, m[1], m[2], m[3], b->present);
}

static void output_backward(const operation *op, bench *b, const traj_mat *m)
{
    const traj_output head = {op->which, G, floor_n};
    traj_output_backward(&head, m[0], m[1], m[2], m[3], b->present);
}

static void features_edge(const operation *op, bench *b, const traj_mat *m)
{
    static const traj_norm norm = {.scale_m = {1, 1, 1, 1, 1}};
    (void)op;
    for (int s = 0; s < S; s++)
        traj_features_edge(&norm, A, b->kind, b->present, traj_mat_row(m[1], s * A),
                           traj_mat_row(m[2], s * A), traj_mat_row(m[0], s * A * A));
}

static void noise_normal(const operation *op, bench *b, const traj_mat *m)
{
    const traj_noise noise = {1, TRAJ_STREAM_TEST, 0};
    (void)op, (void)b;
    traj_noise_normal_rows(&noise, 0, 0, (uint32_t)m[0].rows, m[0].data, (size_t)m[0].cols);
}

static void vmath(const operation *op, bench *b, const traj_mat *m)
{
    static void (*const function[])(size_t, const traj_real *, traj_real *) = {
        traj_vexp, traj_vtanh, traj_vsigmoid, traj_vsoftplus};
    (void)b;
    function[op->which]((size_t)m[0].rows * (size_t)m[0].cols, m[1].data, m[0].data);
}

static void adamw(const operation *op, bench *b, const traj_mat *m)
{
    const traj_adamw setting = {1e-3, 0.9, 0.999, 1e-8, 1e-2};
    traj_params part[4];
    (void)op;
    for (int k = 0; k < 4; k++) part[k] = (traj_params){&b->weights, m[k].data};
    traj_adamw_step(setting, 1, part[0], part[3], part[1], part[2]);
}

/* Additions and multiplications of products of one step's rows and of all rows, and of message
 * passing over all nodes and over all pairs. Its backward pass runs the pairs again and has as many
 * operations of its own. */
#define STEP_FLOPS     (2.0 * R * H * P)
#define ALL_FLOPS      (T * STEP_FLOPS)
#define HEAD_FLOPS     (2.0 * R * H * 2 * Z)
#define NODE_FLOPS     (2.0 * R * H * H)
#define PAIR_FLOPS     (2.0 * R * (A - 1) * H * (E + 3))
#define FORWARD_FLOPS  (NODE_FLOPS + PAIR_FLOPS)
#define BACKWARD_FLOPS (NODE_FLOPS + 2 * PAIR_FLOPS)
#define ADAMW_FLOPS    (12.0 * L)

static const operation operations[] = {
    {"gemm_nt", gemm, 0, {{R, P}, {R, H}, {P, H}}, 0, STEP_FLOPS},
    {"gemm_nt", gemm, 0, {{N, P}, {N, H}, {P, H}}, 0, ALL_FLOPS},
    {"gemm_nt", gemm, 0, {{R, 2 * Z}, {R, H}, {2 * Z, H}}, 0, HEAD_FLOPS},
    {"gemm_nn", gemm, 1, {{R, H}, {R, P}, {P, H}}, 0, STEP_FLOPS},
    {"gemm_tn", gemm, 2, {{P, H}, {N, P}, {N, H}}, 0, ALL_FLOPS},
    {"edge_forward", edge_forward, 0, {{R, P}, {R, H}, {R, H}, {Q, E}}, 0, FORWARD_FLOPS},
    {"edge_backward",
     edge_backward,
     0,
     {{R, P}, {R, H}, {R, H}, {Q, E}, {0, 0}, {R, H}},
     1,
     BACKWARD_FLOPS},
    {"attention_forward", edge_forward, 1, {{R, PK}, {R, H}, {R, H}, {Q, E}, {R, A}}, 0, 0},
    {"attention_backward",
     edge_backward,
     1,
     {{R, PK}, {R, H}, {R, H}, {Q, E}, {R, A}, {R, H}},
     1,
     0},
    {"gru_forward", gru_forward, 0, {{R, P}, {R, P}, {R, H}, {R, H}, {1, P}}, 2, 0},
    {"gru_backward", gru_backward, 0, {{R, P}, {R, P}, {R, H}, {R, H}, {R, H}}, 3, 0},
    {"latent_forward", latent, 0, {{R, Z}, {R, 2 * Z}, {R, Z}}, 0, 0},
    {"latent_backward", latent_backward, 0, {{R, 2 * Z}, {R, 2 * Z}, {R, Z}, {R, Z}}, 0, 0},
    {"kl_forward", kl, 0, {{R, 1}, {R, 2 * Z}, {R, 2 * Z}}, 0, 0},
    {"kl_backward", kl_backward, 0, {{R, 2 * Z}, {R, 2 * Z}, {R, 2 * Z}, {R, 2 * Z}}, 0, 0},
    {"diagonal_forward", output, 0, {{R, 1}, {R, 4}, {R, 2}, {R, 2}}, 0, 0},
    {"diagonal_backward", output_backward, 0, {{R, 4}, {R, 4}, {R, 2}, {R, 2}}, 0, 0},
    {"bivariate_forward", output, 1, {{R, 1}, {R, 5}, {R, 2}, {R, 2}}, 0, 0},
    {"bivariate_backward", output_backward, 1, {{R, 5}, {R, 5}, {R, 2}, {R, 2}}, 0, 0},
    {"mixture_forward", output, 2, {{R, 1}, {R, 7 * G}, {R, 2}, {R, 2}}, 0, 0},
    {"mixture_backward", output_backward, 2, {{R, 7 * G}, {R, 7 * G}, {R, 2}, {R, 2}}, 0, 0},
    {"features_edge", features_edge, 0, {{Q, E}, {R, 2}, {R, 2}}, 0, 0},
    {"noise_normal", noise_normal, 0, {{R, Z}}, 0, 0},
    {"exp", vmath, 0, {{R, P}, {R, P}}, 0, 0},
    {"tanh", vmath, 1, {{R, P}, {R, P}}, 0, 0},
    {"sigmoid", vmath, 2, {{R, P}, {R, P}}, 0, 0},
    {"softplus", vmath, 3, {{R, P}, {R, P}}, 0, 0},
    {"adamw", adamw, 0, {{L, 1}, {L, 1}, {L, 1}, {L, 1}}, 3, ADAMW_FLOPS},
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static size_t reals_of(const operation *op, int k)
{
    return (size_t)op->shape[k].rows * (size_t)op->shape[k].cols;
}

/* Numbers in [0,1), which suit every operation: AdamW takes the root of some. */
static traj_real *fill(traj_real *data, size_t count, uint32_t operand)
{
    const traj_noise noise = {1, TRAJ_STREAM_TEST, operand};
    for (size_t i = 0; data && i < count; i += 1024)
        traj_noise_uniform(&noise, 0, (uint32_t)i, 0, data + i,
                           count - i < 1024 ? count - i : 1024);
    return data;
}

/* Carves the operands and, of those changed in place, what restores them. */
static void take(const operation *op, traj_arena *arena, traj_mat *m, traj_real **original)
{
    for (int k = 0; k < MOST_OPERANDS; k++) {
        const size_t count = reals_of(op, k);
        m[k] = traj_mat_view(fill(traj_arena_reals(arena, count), count, (uint32_t)k),
                             op->shape[k].rows, op->shape[k].cols);
        original[k] = NULL;
        if (k < op->changed) original[k] = fill(traj_arena_reals(arena, count), count, (uint32_t)k);
    }
}

/* Seconds of the fastest run after one that does not count. */
static double fastest(const operation *op, bench *b, const traj_mat *m, traj_real *const *original)
{
    const double begin = traj_clock_s();
    double best = INFINITY;
    for (int run = 0; run < 3 || traj_clock_s() - begin < b->seconds; run++) {
        for (int k = 0; k < op->changed; k++)
            memcpy(m[k].data, original[k], reals_of(op, k) * sizeof *m[k].data);
        const double start = traj_clock_s();
        op->run(op, b, m);
        if (run > 0) best = fmin(best, traj_clock_s() - start);
    }
    return best;
}

static void print_row(const operation *op, double seconds)
{
    size_t reals = 0;
    printf("%s,", op->name);
    for (int k = 0; k < MOST_OPERANDS; k++) {
        if (op->shape[k].rows == 0) continue;
        reals += reals_of(op, k) * (k < op->changed ? 2 : 1);
        printf("%s%dx%d", k > 0 ? " " : "", op->shape[k].rows, op->shape[k].cols);
    }
    if (op->flops > 0)
        printf(",%.1f", 1e-9 * op->flops / seconds);
    else
        printf(",");
    printf(",%.2f,%.2f\n", 1e-9 * (double)(reals * sizeof(traj_real)) / seconds,
           1e9 * seconds / op->shape[0].rows);
}

static void measure(const operation *op, bench *b)
{
    const size_t mark = traj_arena_mark(&b->arena);
    traj_mat m[MOST_OPERANDS];
    traj_real *original[MOST_OPERANDS];
    take(op, &b->arena, m, original);
    print_row(op, fastest(op, b, m, original));
    traj_arena_release(&b->arena, mark);
}

/* The two message layers' weights, and what is made of them once. */
static void take_messages(bench *b)
{
    for (int k = 0; k < 2; k++) {
        const size_t count = b->layout[k].size;
        b->params[k] = (traj_params){&b->layout[k], traj_arena_reals(&b->arena, count)};
        if (b->arena.memory) traj_params_init(b->params[k], 1);
        b->fold[k] = traj_message_prepare(&b->message[k], b->params[k], &b->arena, true);
    }
}

/* What the hungriest operation needs, found with a dry arena. */
static size_t arena_bytes(bench *b)
{
    traj_mat m[MOST_OPERANDS];
    traj_real *original[MOST_OPERANDS];
    traj_arena_init_dry(&b->arena);
    take_messages(b);
    const size_t mark = traj_arena_mark(&b->arena);
    for (int k = 0; k < OPERATIONS; k++) {
        const operation *const op = &operations[k];
        take(op, &b->arena, m, original);
        if (op->run == edge_backward) edge_backward(op, b, m); /* carves its scratch */
        traj_arena_release(&b->arena, mark);
    }
    return b->arena.peak;
}

static traj_status bench_init(bench *b, traj_error *err)
{
    traj_layout_matrix(&b->weights, "", "weight", L, 1, TRAJ_INIT_FAN_IN);
    for (int k = 0; k < 2; k++) {
        const traj_message shape = {
            .in = H, .hidden = H, .edges = true, .features = E, .attention = k ? K : 0};
        b->message[k] = traj_message_declare(&b->layout[k], "message", shape);
    }
    for (int a = 0; a < A; a++)
        b->kind[a] = (unsigned char)(a + 1 == A ? TRAJ_BALL : a < A / 2 ? TRAJ_HOME : TRAJ_AWAY);
    for (int r = 0; r < R; r++) b->present[r] = 1;
    traj_mean_weights(S, A, b->present, b->mean);
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK) status = traj_arena_init(&b->arena, arena_bytes(b), err);
    if (status == TRAJ_OK) take_messages(b);
    return status;
}

int main(int count, char **arguments)
{
    static bench b; /* its layouts are large for a stack */
    traj_error err;
    b.seconds = count > 1 && strcmp(arguments[1], "--quick") == 0 ? 0 : 0.2;
    if (bench_init(&b, &err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("op,dims,GFLOP/s,GB/s,ns per row\n");
    for (int k = 0; k < OPERATIONS; k++) measure(&operations[k], &b);
    traj_arena_free(&b.arena);
    return fflush(stdout) != 0;
}
