/* See traj/eval/distribution.h. One row per quantity: its bins, and where its values come from. */
#include "traj/eval/distribution.h"
#include "metric_table.h"
#include "traj/base/assert.h"

/* value [1] or [2] of agent a in frame t of sample k; false: there is none. */
typedef bool measure(const traj_eval_scene *scene, int k, int t, int a, double *value);

/* A turn of a body that stands is noise. */
static const double moving_mps = 1;

/* Backward: v [2] in m/s from frame t-1 to t. */
static void velocity(const traj_eval_scene *scene, int k, int t, int a, double *v)
{
    traj_between(traj_place(scene, k, t - 1, a), traj_place(scene, k, t, a), v);
    v[0] *= scene->rate_hz;
    v[1] *= scene->rate_hz;
}

static bool speed(const traj_eval_scene *scene, int k, int t, int a, double *value)
{
    double v[2];
    velocity(scene, k, t, a, v);
    *value = traj_length(v);
    return !isnan(*value);
}

static bool acceleration(const traj_eval_scene *scene, int k, int t, int a, double *value)
{
    double before[2], now[2];
    velocity(scene, k, t - 1, a, before);
    velocity(scene, k, t, a, now);
    const double change[2] = {now[0] - before[0], now[1] - before[1]};
    *value = traj_length(change) * scene->rate_hz;
    return !isnan(*value);
}

/* Angle between two steps, per second, to either side. */
static bool turn_rate(const traj_eval_scene *scene, int k, int t, int a, double *value)
{
    double before[2], now[2];
    velocity(scene, k, t - 1, a, before);
    velocity(scene, k, t, a, now);
    const double cross = before[0] * now[1] - before[1] * now[0];
    const double dot = before[0] * now[0] + before[1] * now[1];
    *value = fabs(atan2(cross, dot)) * scene->rate_hz;
    return traj_length(before) > moving_mps && traj_length(now) > moving_mps;
}

static bool is_home(unsigned char kind)
{
    return kind == TRAJ_HOME || kind == TRAJ_HOME_GK;
}

static bool nearest_opponent(const traj_eval_scene *scene, int k, int t, int a, double *value)
{
    const unsigned char *const kind = scene->kind;
    const float *const place = traj_place(scene, k, t, a);
    *value = INFINITY;
    if (kind[a] == TRAJ_BALL) return false;
    for (int b = 0; b < scene->agents; b++) {
        if (kind[b] == TRAJ_BALL || is_home(kind[a]) == is_home(kind[b])) continue;
        double v[2];
        traj_between(place, traj_place(scene, k, t, b), v);
        *value = fmin(*value, traj_length(v));
    }
    return *value < INFINITY;
}

/* In halves of the pitch, so that pitches of all sizes share their bins. */
static bool location(const traj_eval_scene *scene, int k, int t, int a, double *value)
{
    const float *const place = traj_place(scene, k, t, a);
    value[0] = (double)place[0] / scene->half_m[0];
    value[1] = (double)place[1] / scene->half_m[1];
    return true;
}

typedef struct row {
    traj_quantity quantity;
    measure *value;
} row;

static const row table[] = {
    {{"speed", "m/s", {800, 1}, {0, 0}, {40, 1}}, speed},
    {{"accel", "m/s^2", {500, 1}, {0, 0}, {50, 1}}, acceleration},
    {{"turn_rate", "rad/s", {400, 1}, {0, 0}, {40, 1}}, turn_rate},
    {{"nearest_opponent", "m", {400, 1}, {0, 0}, {40, 1}}, nearest_opponent},
    {{"location", "half pitches", {30, 20}, {-1.1, -1.1}, {1.1, 1.1}}, location},
};

enum { QUANTITIES = sizeof table / sizeof *table };

int traj_quantity_count(void)
{
    return QUANTITIES;
}

const traj_quantity *traj_quantity_at(int index)
{
    TRAJ_ASSERT(index >= 0 && index < QUANTITIES);
    return &table[index].quantity;
}

int traj_quantity_bins(int index)
{
    const traj_quantity *const quantity = traj_quantity_at(index);
    return quantity->bins[0] * quantity->bins[1];
}

/* Along one axis; values beyond its ends belong to the end bins. */
static int bin_of(const traj_quantity *quantity, int axis, double value)
{
    const double low = quantity->low[axis], high = quantity->high[axis];
    const int bins = quantity->bins[axis];
    const double bin = floor((value - low) / (high - low) * bins);
    return bin < 0 ? 0 : bin >= bins ? bins - 1 : (int)bin;
}

static void count(int index, const traj_eval_scene *scene, traj_group group, int k,
                  double *histogram)
{
    const traj_quantity *const quantity = traj_quantity_at(index);
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        for (int t = 0; t < scene->frames; t++) {
            double value[2] = {0, 0};
            if (!table[index].value(scene, k, t, a, value)) continue;
            const int x = bin_of(quantity, 0, value[0]), y = bin_of(quantity, 1, value[1]);
            histogram[x * quantity->bins[1] + y]++;
        }
    }
}

void traj_quantity_count_truth(int index, const traj_eval_scene *scene, traj_group group,
                               double *histogram)
{
    count(index, scene, group, TRAJ_TRUTH, histogram);
}

void traj_quantity_count_forecast(int index, const traj_eval_scene *scene, traj_group group,
                                  double *histogram)
{
    for (int k = 0; k < scene->samples; k++) count(index, scene, group, k, histogram);
}

static double total(const double *histogram, int bins)
{
    double sum = 0;
    for (int i = 0; i < bins; i++) sum += histogram[i];
    return sum;
}

double traj_quantity_w1(int index, const double *a, const double *b)
{
    const traj_quantity *const quantity = traj_quantity_at(index);
    const int bins = quantity->bins[0];
    if (quantity->bins[1] > 1) return NAN;
    const double all_a = total(a, bins), all_b = total(b, bins);
    if (!(all_a > 0 && all_b > 0)) return NAN;
    double difference = 0, sum = 0;
    for (int i = 0; i < bins; i++) {
        difference += a[i] / all_a - b[i] / all_b;
        sum += fabs(difference);
    }
    return sum * (quantity->high[0] - quantity->low[0]) / bins;
}

/* p log(p / m); 0 log 0 = 0 */
static double surprise(double p, double m)
{
    return p > 0 ? p * log(p / m) : 0;
}

double traj_quantity_js(int index, const double *a, const double *b)
{
    const int bins = traj_quantity_bins(index);
    const double all_a = total(a, bins), all_b = total(b, bins);
    if (!(all_a > 0 && all_b > 0)) return NAN;
    double sum = 0;
    for (int i = 0; i < bins; i++) {
        const double p = a[i] / all_a, q = b[i] / all_b, m = 0.5 * (p + q);
        sum += 0.5 * (surprise(p, m) + surprise(q, m));
    }
    return sum;
}
