#include "position_frame.h"

#include "traj/data/quality.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define PLACES_LOOKED_AT 100000 /* agents times frames: some thousand frames of a match */
#define OUTERMOST        0.002  /* share of positions left out at either end: throw-ins, errors */
/* Pitches are 100-110 x 64-75 m, nearly all 105 x 68. Metres beyond this are taken for yards. */
#define LONGEST_USUAL 108.0
#define WIDEST_USUAL  70.0

static const traj_position_unit units[] = {
    {"metres", 1.0, 0.0},  {"cm", 0.01, 0.0},        {"yards", 0.9144, 0.0},
    {"feet", 0.3048, 0.0}, {"normalised", 0.0, 1.0}, {"percent", 0.0, 100.0},
};
static const traj_position_origin origins[] = {
    {"centre", false, false},
    {"centre-down", false, true},
    {"bottom-left", true, false},
    {"top-left", true, true},
};
#define UNITS   (sizeof units / sizeof units[0])
#define ORIGINS (sizeof origins / sizeof origins[0])

const traj_position_unit *traj_position_unit_find(const char *name)
{
    for (size_t u = 0; u < UNITS; u++)
        if (strcmp(name, units[u].name) == 0) return &units[u];
    return NULL;
}

const traj_position_origin *traj_position_origin_find(const char *name)
{
    for (size_t o = 0; o < ORIGINS; o++)
        if (strcmp(name, origins[o].name) == 0) return &origins[o];
    return NULL;
}

/* Whether it is a player's position, or the ball's where there is nobody else. */
static inline bool counts(const traj_sequence *sequence, size_t agent, const float pos[2])
{
    return pos[0] == pos[0] && (sequence->agent[agent].kind != TRAJ_BALL || sequence->agents == 1);
}

/* Every stride-th such position of every which frame, x to at[0] and y to at[1]; nothing is
 * written where at is NULL. Returns how many. */
static size_t collect(const traj_reading *reading, size_t every, size_t stride, double *const at[2])
{
    size_t count = 0, wait = 0, skip = 0;
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        const traj_sequence *sequence = &reading->recording->sequence[s];
        const size_t frames = traj_guess_frames(reading, s);
        size_t f = skip;
        for (; f < frames; f += every) {
            const float *pos = sequence->pos_m + f * sequence->agents * 2;
            traj_guess_fetch(sequence, f, every);
            for (size_t a = 0; a < sequence->agents; a++, pos += 2) {
                if (!counts(sequence, a, pos) || wait-- > 0) continue;
                wait = stride - 1;
                for (int axis = 0; axis < 2 && at != NULL; axis++) at[axis][count] = pos[axis];
                count++;
            }
        }
        skip = f - frames;
    }
    return count;
}

/* Whether somebody is seen in every which frame. */
static bool shows_anybody(const traj_reading *reading, size_t every)
{
    size_t skip = 0;
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        const traj_sequence *sequence = &reading->recording->sequence[s];
        const size_t frames = traj_guess_frames(reading, s);
        size_t f = skip;
        for (; f < frames; f += every)
            for (size_t a = 0; a < sequence->agents; a++)
                if (counts(sequence, a, sequence->pos_m + (f * sequence->agents + a) * 2))
                    return true;
        skip = f - frames;
    }
    return false;
}

/* Every which frame is looked at: some thousand have enough positions. Each, where these show
 * nobody. */
static size_t choose_frames(const traj_reading *reading)
{
    size_t places = 0;
    for (size_t s = 0; s < reading->recording->sequences; s++)
        places += traj_guess_frames(reading, s) * reading->recording->sequence[s].agents;
    const size_t every = traj_guess_stride(places, PLACES_LOOKED_AT);
    return shows_anybody(reading, every) ? every : 1;
}

/* Positions are looked at in strides; agents recur evenly in memory, so the strides are kept from
 * always meeting the same. */
static size_t choose_stride(size_t total)
{
    size_t stride = total / TRAJ_POSITIONS_MEASURED + 1;
    while (stride > 1 && (stride % 2 == 0 || stride % 11 == 0 || stride % 23 == 0)) stride++;
    return stride;
}

/* The largest power of ten, 10 to 1e-6, that nearly all values are multiples of; 0 when they have
 * more digits than they mean (or than a float can hold). */
static double decimal_step(const double *value, size_t count)
{
    for (double step = 10.0; step > 5e-7; step /= 10.0) {
        size_t whole = 0;
        double loosest = 0.0;
        for (size_t i = 0; i < count; i++) {
            double multiple = value[i] / step, slack = 2.0 * FLT_EPSILON * fabs(multiple) + 1e-9;
            loosest = fmax(loosest, slack);
            whole += fabs(multiple - round(multiple)) <= slack;
        }
        if (loosest > 0.1) return 0.0;
        if ((double)whole >= 0.995 * (double)count) return step;
    }
    return 0.0;
}

/* The value that is k-th in order; others move (C. A. R. Hoare, "Algorithm 65: find", 1961). */
static double find_kth(double *value, size_t count, size_t k)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1;
    while (low < high) {
        const double middle = value[k];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (value[i] < middle) i++;
            while (value[j] > middle) j--;
            if (i > j) break;
            const double moved = value[i];
            value[i++] = value[j];
            value[j--] = moved;
        }
        if (j < (ptrdiff_t)k) low = i;
        if (i > (ptrdiff_t)k) high = j;
    }
    return value[k];
}

void traj_extent_measure(const traj_reading *reading, double *const at[2], traj_extent *found)
{
    found->every = choose_frames(reading);
    const size_t stride = choose_stride(collect(reading, found->every, 1, NULL));
    found->count = collect(reading, found->every, stride, at);
    found->step = INFINITY;
    for (size_t axis = 0; axis < 2; axis++) {
        const size_t cut = (size_t)(OUTERMOST * (double)found->count);
        found->low[axis] = find_kth(at[axis], found->count, cut);
        found->high[axis] = find_kth(at[axis], found->count, found->count - 1 - cut);
        found->step = fmin(found->step, decimal_step(at[axis], found->count));
    }
}

double traj_position_frame_inside(const traj_reading *reading, const traj_extent *found,
                                  const traj_position_frame *as)
{
    const float half_length = (float)(as->length_m / 2.0 + TRAJ_RUN_OFF_M);
    const float half_width = (float)(as->width_m / 2.0 + TRAJ_RUN_OFF_M);
    size_t inside = 0, seen = 0, skip = 0;
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        const traj_sequence *sequence = &reading->recording->sequence[s];
        const size_t frames = traj_guess_frames(reading, s);
        size_t f = skip; /* the frames of collect(), in which somebody was seen */
        for (; f < frames; f += found->every) {
            const float *pos = sequence->pos_m + f * sequence->agents * 2;
            for (size_t a = 0; a < sequence->agents; a++, pos += 2) {
                if (!counts(sequence, a, pos)) continue;
                seen++;
                inside += fabsf(pos[0]) <= half_length && fabsf(pos[1]) <= half_width;
            }
        }
        skip = f - frames;
    }
    return (double)inside / (double)seen;
}

double traj_extent_side(const traj_extent *found, int axis, bool corner)
{
    return corner ? found->high[axis] : 2.0 * fmax(-found->low[axis], found->high[axis]);
}

/* One axis against a pitch of `size`, which may be as large as `most`; all in the file's unit. */
static double axis_cost(double low, double high, double size, double most, bool corner)
{
    double begin = corner ? 0.0 : -size / 2.0, end = corner ? size : size / 2.0;
    double slack = corner ? most - size : (most - size) / 2.0;
    double over = fmax(begin - (corner ? 0.0 : slack) - low, 0.0) / size;
    over = fmax(over - 0.01, 0.0) + fmax(fmax(high - end - slack, 0.0) / size - 0.01, 0.0);
    double under = fmax(low - begin, 0.0) + fmax(end - high, 0.0);
    return 10.0 * over + under / size;
}

/* The pitch in metres as the user, the metadata or the layout have it; false: nobody says. */
static bool told_size(const traj_reading *reading, double size_m[2])
{
    const traj_read_options *options = reading->options;
    const traj_facts *facts = &reading->tracks->facts;
    const traj_layout *layout = &reading->tracks->layout;
    const double told[3][2] = {{options->pitch_length_m, options->pitch_width_m},
                               {facts->length_m, facts->width_m},
                               {layout->length, layout->width}};
    for (int t = 0; t < (layout->unit == NULL ? 3 : 2); t++) {
        size_m[0] = told[t][0];
        size_m[1] = told[t][1];
        if (size_m[0] > 0.0 && size_m[1] > 0.0) return true;
    }
    return false;
}

static double cost(const traj_reading *reading, const traj_extent *found,
                   const traj_position_unit *unit, bool corner, bool swapped)
{
    double size[2], most[2] = {LONGEST_USUAL, WIDEST_USUAL}, sum = 0.0;
    if (told_size(reading, size)) {
        most[0] = size[0];
        most[1] = size[1];
    } else {
        size[0] = TRAJ_USUAL_LENGTH_M;
        size[1] = TRAJ_USUAL_WIDTH_M;
    }
    for (int axis = 0; axis < 2; axis++) {
        int on = swapped ? 1 - axis : axis;
        double scale = unit->metre > 0.0 ? 1.0 / unit->metre : unit->whole / size[axis];
        double room = unit->metre > 0.0 ? most[axis] : size[axis];
        sum += axis_cost(found->low[on], found->high[on], size[axis] * scale, room * scale, corner);
    }
    return sum;
}

double traj_position_frame_fit(const traj_reading *reading, const traj_extent *found,
                               const traj_position_unit *unit, const traj_position_origin *origin,
                               bool swapped, traj_position_frame *best)
{
    double least = INFINITY;
    for (size_t u = 0; u < UNITS; u++) {
        if (unit != NULL && unit != &units[u]) continue;
        bool shares = units[u].whole > 0.0 && unit == NULL; /* always count from a corner */
        for (int corner = shares ? 1 : 0; corner <= 1; corner++) {
            if (origin != NULL && origin->corner != (corner == 1)) continue;
            double sum = cost(reading, found, &units[u], corner == 1, swapped);
            if (sum >= least) continue;
            least = sum;
            best->unit = &units[u];
            best->corner = corner == 1;
        }
    }
    return least;
}

double traj_position_frame_metres(const traj_position_frame *as, int axis)
{
    const double side_m = axis == 0 ? as->length_m : as->width_m;
    return as->unit->metre > 0.0 ? as->unit->metre : side_m / as->unit->whole;
}
