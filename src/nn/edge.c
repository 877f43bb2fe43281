/* Pair loops of message passing: see edge.h.
 *
 * A block of TRAJ_LANES hidden units at a time, receivers outside, senders inside: the block's part
 * of W_e, of r_i and of the sum stay in registers, and per pair only s_j and f_ij are read
 * (backward: ds_j is read and written too). */
#include "edge.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include <math.h>
#include <string.h>

enum { MAX_FEATURES = 16 };

/* One block of hidden units [first, first + n). n and features are constants where it matters. */
typedef struct span {
    int first, n, features;
} span;

static const traj_real *pair_weights(const traj_edge_block *b)
{
    return b->weight ? b->weight : b->mean;
}

/* f_ij, which a layer without edge features does not have. */
TRAJ_INLINE const traj_real *pair_features(const traj_real *feature, int pair, span u)
{
    return u.features ? feature + pair * u.features : NULL;
}

/* *a = base + s_j + W_e f: the edge before its activation. */
TRAJ_INLINE void edge_sum(traj_lanes *a, const traj_lanes *base, const traj_real *sender,
                          const traj_lanes *we, const traj_real *f, span u)
{
    traj_lanes s;
    traj_lanes_load(&s, sender, u.n);
    s += *base;
    for (int e = 0; e < u.features; e++) s += we[e] * f[e];
    *a = s;
}

/* Everything of the block is copied out before the pair loop: a store could otherwise change it as
 * far as the compiler knows. The same holds for backward_span. */
TRAJ_INLINE void forward_span(const traj_edge_block *b, span u)
{
    const int agents = b->agents, hidden = b->hidden, stride = b->stride;
    const traj_real *const sender = b->sender + u.first, *const receiver = b->receiver + u.first;
    const traj_real *const weight = pair_weights(b), *const feature = b->feature;
    traj_real *const m = b->m + u.first;
    traj_lanes we[MAX_FEATURES], bias;
    for (int e = 0; e < u.features; e++)
        traj_lanes_load(&we[e], b->feature_weight + e * hidden + u.first, u.n);
    traj_lanes_load(&bias, b->bias + u.first, u.n);
    for (int i = 0; i < agents; i++) {
        traj_lanes base, sum = {0};
        traj_lanes_load(&base, receiver + i * stride, u.n);
        base += bias;
        for (int j = 0; j < agents; j++) {
            const int pair = i * agents + j;
            if (weight[pair] == 0) continue;
            traj_lanes a;
            edge_sum(&a, &base, sender + j * stride, we, pair_features(feature, pair, u), u);
            traj_lanes_gate(&a, &a);
            sum += a * weight[pair];
        }
        traj_lanes_store(m + i * hidden, &sum, u.n);
    }
}

/* In halves, which stay vectors; one lane after the other would be a chain of sixteen additions. */
TRAJ_INLINE traj_real lanes_sum(const traj_lanes *v)
{
    traj_real half[TRAJ_LANES];
    memcpy(half, v, sizeof half);
    for (int n = TRAJ_LANES / 2; n > 0; n /= 2)
        for (int k = 0; k < n; k++) half[k] += half[k + n];
    return half[0];
}

/* *sum[0..n) += *v in memory. */
TRAJ_INLINE void lanes_add(traj_real *sum, const traj_lanes *v, int n)
{
    traj_lanes s;
    traj_lanes_load(&s, sum, n);
    s += *v;
    traj_lanes_store(sum, &s, n);
}

/* r_i is read by receiver i only, so its gradient takes its place at once; s_j is read by all, so
 * its gradient gathers in the scratch. */
TRAJ_INLINE void backward_span(const traj_edge_block *b, const traj_real *d_m,
                               traj_edge_scratch *scratch, span u, bool attention)
{
    const int agents = b->agents, hidden = b->hidden, stride = b->stride;
    const traj_real *const sender = b->sender + u.first, *const weight = pair_weights(b);
    const traj_real *const feature = b->feature;
    traj_real *const receiver = b->receiver + u.first;
    traj_real *const d_sender = scratch->d_sender + u.first;
    traj_real *const d_feature = scratch->d_feature + u.first, *const d_weight = scratch->d_weight;
    traj_lanes we[MAX_FEATURES], d_we[MAX_FEATURES], bias;
    for (int e = 0; e < u.features; e++) {
        traj_lanes_load(&we[e], b->feature_weight + e * hidden + u.first, u.n);
        d_we[e] = (traj_lanes){0};
    }
    traj_lanes_load(&bias, b->bias + u.first, u.n);
    for (int i = 0; i < agents; i++) {
        traj_lanes base, g, d_receiver = {0};
        traj_lanes_load(&base, receiver + i * stride, u.n);
        base += bias;
        traj_lanes_load(&g, d_m + i * hidden + u.first, u.n);
        for (int j = 0; j < agents; j++) {
            const int pair = i * agents + j;
            if (weight[pair] == 0) continue;
            const traj_real *const f = pair_features(feature, pair, u);
            traj_lanes a, d = g * weight[pair];
            edge_sum(&a, &base, sender + j * stride, we, f, u);
            traj_lanes_gate(&d, &a); /* d_a: m_i = sum_j w_ij max(0, a_ij) */
            d_receiver += d;
            for (int e = 0; e < u.features; e++) d_we[e] += d * f[e];
            lanes_add(d_sender + j * hidden, &d, u.n);
            if (attention) {
                traj_lanes_gate(&a, &a);
                a *= g;
                d_weight[pair] += lanes_sum(&a);
            }
        }
        traj_lanes_store(receiver + i * stride, &d_receiver, u.n);
    }
    for (int e = 0; e < u.features; e++) lanes_add(d_feature + e * hidden, &d_we[e], u.n);
}

/* The usual number of edge features gets a version of its own with everything in registers. */
enum { USUAL_FEATURES = 10 };

TRAJ_SIMD static void forward_spans(const traj_edge_block *b)
{
    int first = 0;
    if (b->features == USUAL_FEATURES)
        for (; first + TRAJ_LANES <= b->hidden; first += TRAJ_LANES)
            forward_span(b, (span){first, TRAJ_LANES, USUAL_FEATURES});
    for (; first < b->hidden; first += TRAJ_LANES) {
        const int left = b->hidden - first;
        forward_span(b, (span){first, left < TRAJ_LANES ? left : TRAJ_LANES, b->features});
    }
}

TRAJ_SIMD static void backward_spans(const traj_edge_block *b, const traj_real *d_m,
                                     traj_edge_scratch *scratch)
{
    const bool attention = b->weight != NULL;
    int first = 0;
    if (b->features == USUAL_FEATURES)
        for (; first + TRAJ_LANES <= b->hidden; first += TRAJ_LANES) {
            const span usual = {first, TRAJ_LANES, USUAL_FEATURES};
            if (attention) /* constants again, so that either loop is made for its case */
                backward_span(b, d_m, scratch, usual, true);
            else
                backward_span(b, d_m, scratch, usual, false);
        }
    for (; first < b->hidden; first += TRAJ_LANES) {
        const int left = b->hidden - first, n = left < TRAJ_LANES ? left : TRAJ_LANES;
        backward_span(b, d_m, scratch, (span){first, n, b->features}, attention);
    }
}

void traj_edge_forward(const traj_edge_block *block)
{
    TRAJ_ASSERT(block->features <= MAX_FEATURES);
    forward_spans(block);
}

void traj_edge_backward(const traj_edge_block *block, const traj_real *d_m,
                        traj_edge_scratch *scratch)
{
    const size_t size = (size_t)block->agents * (size_t)block->hidden;
    const size_t row = (size_t)block->hidden * sizeof(traj_real);
    memset(scratch->d_sender, 0, size * sizeof(traj_real));
    if (block->weight)
        memset(scratch->d_weight, 0,
               (size_t)block->agents * (size_t)block->agents * sizeof(traj_real));
    backward_spans(block, d_m, scratch);
    for (int a = 0; a < block->agents; a++)
        memcpy(block->sender + a * block->stride, scratch->d_sender + a * block->hidden, row);
}

static traj_real dot(int n, const traj_real *x, const traj_real *y)
{
    traj_real sum = 0;
    for (int k = 0; k < n; k++) sum += x[k] * y[k];
    return sum;
}

static traj_real score_scale(const traj_edge_block *b)
{
    return TRAJ_R(1 / sqrt((double)b->attention));
}

void traj_edge_attention_forward(const traj_edge_block *block)
{
    const int agents = block->agents, stride = block->stride;
    for (int i = 0; i < agents; i++) {
        traj_real *const weight = block->weight + i * agents;
        const traj_real *const mean = block->mean + i * agents;
        traj_real largest = -INFINITY, sum = 0;
        for (int j = 0; j < agents; j++) {
            if (mean[j] == 0) continue;
            weight[j] = score_scale(block) *
                        dot(block->attention, block->query + i * stride, block->key + j * stride);
            if (weight[j] > largest) largest = weight[j];
        }
        for (int j = 0; j < agents; j++) {
            weight[j] = mean[j] == 0 ? 0 : TRAJ_R(exp((double)(weight[j] - largest)));
            sum += weight[j];
        }
        for (int j = 0; j < agents && sum > 0; j++) weight[j] /= sum;
    }
}

/* d_score_ij = w_ij (d_w_ij - sum_k w_ik d_w_ik) / sqrt(K), in place of d_weight. */
static void softmax_backward(const traj_edge_block *b, traj_real *d_weight)
{
    for (int i = 0; i < b->agents; i++, d_weight += b->agents) {
        const traj_real *const weight = b->weight + i * b->agents;
        const traj_real mean = dot(b->agents, weight, d_weight);
        for (int j = 0; j < b->agents; j++)
            d_weight[j] = score_scale(b) * weight[j] * (d_weight[j] - mean);
    }
}

void traj_edge_attention_backward(const traj_edge_block *block, traj_real *d_weight)
{
    const int agents = block->agents, stride = block->stride;
    softmax_backward(block, d_weight);
    /* score_ij = q_i . k_j: column by column, each needs only the same column of the other's rows
     */
    for (int c = 0; c < block->attention; c++) {
        traj_real d_query[TRAJ_MAX_AGENTS], d_key[TRAJ_MAX_AGENTS];
        for (int i = 0; i < agents; i++) {
            d_query[i] = d_key[i] = 0;
            for (int j = 0; j < agents; j++) {
                d_query[i] += d_weight[i * agents + j] * block->key[j * stride + c];
                d_key[i] += d_weight[j * agents + i] * block->query[j * stride + c];
            }
        }
        for (int i = 0; i < agents; i++) {
            block->query[i * stride + c] = d_query[i];
            block->key[i * stride + c] = d_key[i];
        }
    }
}

TRAJ_SIMD void traj_node_forward(int n, traj_real *restrict o, const traj_real *restrict u,
                                 const traj_real *restrict bias, bool add)
{
    for (int h = 0; h < n; h++) {
        const traj_real a = (add ? o[h] : 0) + u[h] + bias[h];
        o[h] = a > 0 ? a : 0;
    }
}

TRAJ_SIMD void traj_node_backward(int n, traj_real *restrict d_u, const traj_real *restrict d_o,
                                  const traj_real *restrict o)
{
    for (int h = 0; h < n; h++) d_u[h] = o[h] > 0 ? d_o[h] : 0;
}
