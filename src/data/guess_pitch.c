/* Unit, origin and pitch from where the players have been (position_frame.h), what is said of them
 * and what is refused. */
#include "position_frame.h"

#include "traj/base/memory.h"
#include "traj/data/quality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FITS        0.4   /* what a unit and an origin may cost that are right */
#define LIKELY      1.9   /* and those that are likely; shares, within 1 m, cost 1.97 as metres */
#define UNUSED      0.1   /* of a pitch's length and width: players roam over more */
#define ENOUGH_SEEN 1000  /* positions to say so */
#define YARDS_LOW   1.055 /* yards taken for metres are 9 % too large */
#define YARDS_HIGH  1.125

static traj_status check_words(const traj_reading *reading, traj_error *err)
{
    const char *unit = reading->options->unit, *origin = reading->options->origin;
    if (unit[0] != '\0' && traj_position_unit_find(unit) == NULL)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--unit %s: expected metres, cm, yards, feet, normalised or percent",
                         unit);
    if (origin[0] != '\0' && traj_position_origin_find(origin) == NULL)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--origin %s: expected centre, centre-down, bottom-left or top-left",
                         origin);
    return TRAJ_OK;
}

/* The half length or width that the positions call for: the usual one unless they overflow it by
 * more than 2 m. */
static double pitch_side(const traj_extent *found, int axis, const traj_position_frame *as,
                         double usual)
{
    double scale = as->unit->metre;
    double reach = traj_extent_side(found, axis, as->corner) * scale;
    return scale > 0.0 && reach > usual + 2.0 ? round(reach) : usual;
}

static void find_pitch(traj_reading *reading, const traj_extent *found, traj_position_frame *as)
{
    const traj_read_options *options = reading->options;
    const traj_facts *facts = &reading->tracks->facts;
    const traj_layout *layout = &reading->tracks->layout;
    if (options->pitch_length_m > 0.0 && options->pitch_width_m > 0.0) {
        as->length_m = options->pitch_length_m;
        as->width_m = options->pitch_width_m;
    } else if (facts->length_m > 0.0 && facts->width_m > 0.0) {
        as->length_m = facts->length_m;
        as->width_m = facts->width_m;
    } else if (layout->length > 0.0) {
        const double metre = layout->unit == NULL ? 1.0 : as->unit->metre;
        as->length_m = layout->length * metre;
        as->width_m = layout->width * metre;
        traj_guess_add(reading->guesses, "pitch", "--pitch LENGTHxWIDTH",
                       "%.4g x %.4g m: the field of every %s", as->length_m, as->width_m,
                       layout->name);
    } else {
        as->length_m = pitch_side(found, 0, as, TRAJ_USUAL_LENGTH_M);
        as->width_m = pitch_side(found, 1, as, TRAJ_USUAL_WIDTH_M);
        bool usual = as->length_m == TRAJ_USUAL_LENGTH_M && as->width_m == TRAJ_USUAL_WIDTH_M;
        traj_guess_add(reading->guesses, "pitch", "--pitch LENGTHxWIDTH", "%.4g x %.4g m: %s",
                       as->length_m, as->width_m,
                       usual ? "the usual size, and the players fit in"
                             : "players go that far beyond the usual 105 x 68 m");
    }
}

static void tell_unit(traj_reading *reading, const traj_extent *found,
                      const traj_position_frame *as, bool told)
{
    const traj_layout *layout = &reading->tracks->layout;
    if (reading->options->unit[0] != '\0') return;
    if (told)
        traj_guess_add(reading->guesses, "units", "--unit metres|cm|yards|feet|normalised|percent",
                       "%s: the unit of every %s", as->unit->name, layout->name);
    else
        traj_guess_add(
            reading->guesses, "units", "--unit metres|cm|yards|feet|normalised|percent",
            "%s: players' x lies in %.4g .. %.4g, y in %.4g .. %.4g, closest to a pitch in %s",
            as->unit->name, found->low[0], found->high[0], found->low[1], found->high[1],
            as->unit->name);
}

/* Which way y points leaves no trace in the positions: the custom of the unit decides. */
static void find_origin(traj_reading *reading, traj_position_frame *as)
{
    static const char flag[] = "--origin centre|centre-down|bottom-left|top-left";
    const traj_position_origin *told = traj_position_origin_find(reading->options->origin);
    const traj_layout *layout = &reading->tracks->layout;
    if (told != NULL) {
        as->down = told->down;
    } else if (layout->origin != NULL) {
        as->down = traj_position_origin_find(layout->origin)->down;
        traj_guess_add(reading->guesses, "origin", flag, "%s, y %s: that of every %s",
                       as->corner ? "corner" : "centre spot", as->down ? "down" : "up",
                       layout->name);
    } else {
        as->down = as->corner && as->unit->whole == 1.0;
        traj_guess_add(reading->guesses, "origin", flag,
                       "%s, y %s: the positions lie %s; which way y points cannot be seen, %s",
                       as->corner ? "corner" : "centre spot", as->down ? "down" : "up",
                       as->corner ? "on one side of 0" : "around 0",
                       as->down ? "shares of 0-1 mostly count from the top" : "up is the custom");
    }
}

/* "; in cm they would lie on a pitch: --unit cm" where another unit fits, else "". */
static void other_unit(const traj_reading *reading, const traj_extent *found,
                       const traj_position_frame *as, char *text, size_t size)
{
    traj_position_frame other;
    text[0] = '\0';
    if (traj_position_frame_fit(reading, found, NULL, NULL, false, &other) < FITS &&
        other.unit != as->unit)
        snprintf(text, size, "; in %s, from %s, they would lie on a pitch: --unit %s --origin %s",
                 other.unit->name, other.corner ? "a corner" : "the centre spot", other.unit->name,
                 !other.corner              ? "centre"
                 : other.unit->whole == 1.0 ? "top-left"
                                            : "bottom-left");
}

static traj_status check_pitch(const traj_reading *reading, const traj_extent *found,
                               const traj_position_frame *as, traj_error *err)
{
    char other[160];
    bool told = reading->options->pitch_length_m > 0.0 || reading->tracks->layout.length > 0.0;
    if (told || (as->length_m >= 90.0 && as->length_m <= 120.0 && as->width_m >= 45.0 &&
                 as->width_m <= 90.0))
        return TRAJ_OK;
    const traj_facts *facts = &reading->tracks->facts;
    if (facts->length_m > 0.0 && facts->width_m > 0.0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: its pitch is %.6g x %.6g m, which is no football pitch (90-120 x "
                         "45-90 m); correct it with --pitch LENGTHxWIDTH",
                         facts->file, as->length_m, as->width_m);
    other_unit(reading, found, as, other, sizeof other);
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s: the players roam over %.4g x %.4g m, which is no football pitch (90-120 x "
        "45-90 m); correct it with --unit, --origin or --pitch LENGTHxWIDTH%s",
        reading->tracks->file, as->length_m, as->width_m, other);
}

/* A file of shares told to be of metres, say: everybody within a square metre. */
static traj_status check_extent(const traj_reading *reading, const traj_extent *found,
                                const traj_position_frame *as, traj_error *err)
{
    const double length_m = (found->high[0] - found->low[0]) * traj_position_frame_metres(as, 0);
    const double width_m = (found->high[1] - found->low[1]) * traj_position_frame_metres(as, 1);
    char other[160];
    if (found->count < ENOUGH_SEEN || length_m > UNUSED * as->length_m ||
        width_m > UNUSED * as->width_m)
        return TRAJ_OK;
    other_unit(reading, found, as, other, sizeof other);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: read as %s, the players never leave %.3g x %.3g m of a %.4g x %.4g m "
                     "pitch; say what they are with --unit and --origin%s",
                     reading->tracks->file, as->unit->name, length_m, width_m, as->length_m,
                     as->width_m, other);
}

/* Yards taken for metres stay near enough to the pitch to pass. */
static void doubt_metres(const traj_reading *reading, const traj_extent *found,
                         const traj_position_frame *as)
{
    const double usual[2] = {TRAJ_USUAL_LENGTH_M, TRAJ_USUAL_WIDTH_M};
    double size[2], beyond[2];
    if (as->unit->metre != 1.0) return;
    for (int axis = 0; axis < 2; axis++) {
        const traj_facts *facts = &reading->tracks->facts;
        size[axis] = axis == 0 ? facts->length_m : facts->width_m;
        if (!(size[axis] > 0.0)) size[axis] = usual[axis];
        beyond[axis] = traj_extent_side(found, axis, as->corner) / size[axis];
    }
    if (found->count < ENOUGH_SEEN || beyond[0] < YARDS_LOW || beyond[0] > YARDS_HIGH ||
        beyond[1] < YARDS_LOW || beyond[1] > YARDS_HIGH)
        return;
    traj_guess_doubt(reading->guesses, "units", "--unit yards",
                     "players go %.0f %% beyond a %.4g x %.4g m pitch along and across: these may "
                     "be yards",
                     50.0 * (beyond[0] + beyond[1]) - 100.0, size[0], size[1]);
}

/* And metres on a pitch of 110 x 75 m look like yards, where nothing tells its size. */
static void doubt_yards(const traj_reading *reading, const traj_extent *found,
                        const traj_position_frame *as)
{
    const traj_read_options *const options = reading->options;
    if (strcmp(as->unit->name, "yards") != 0 || options->unit[0] != '\0' ||
        options->pitch_length_m > 0.0 || found->count < ENOUGH_SEEN)
        return;
    traj_guess_doubt(
        reading->guesses, "units", "--unit metres|yards",
        "players roam over %.4g x %.4g: these are yards on a usual pitch, or metres on "
        "a large one",
        traj_extent_side(found, 0, as->corner), traj_extent_side(found, 1, as->corner));
}

static traj_status check_axes(const traj_reading *reading, const traj_extent *found, double upright,
                              traj_error *err)
{
    traj_position_frame ignored;
    const traj_layout *layout = &reading->tracks->layout;
    if (layout->length > 0.0 || reading->options->pitch_length_m > 0.0) return TRAJ_OK;
    double swapped = traj_position_frame_fit(
        reading, found, traj_position_unit_find(reading->options->unit),
        traj_position_origin_find(reading->options->origin), true, &ignored);
    if (upright < 1.0 || swapped > FITS) return TRAJ_OK;
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s: the axes look swapped: players' x lies in %.4g .. %.4g and y in %.4g .. %.4g, "
        "but x should run along the length of the pitch; swap the names of the x and y "
        "columns",
        reading->tracks->file, found->low[0], found->high[0], found->low[1], found->high[1]);
}

/* Two players are never in one place, not even in one frame. */
static traj_status check_spread(const traj_reading *reading, const traj_extent *found,
                                traj_error *err)
{
    const traj_recording *recording = reading->recording;
    size_t players = 0;
    if (found->low[0] < found->high[0] || found->low[1] < found->high[1]) return TRAJ_OK;
    for (size_t s = 0; s < recording->sequences && players < 2; s++) {
        players = 0;
        for (size_t a = 0; a < recording->sequence[s].agents; a++)
            players += recording->sequence[s].agent[a].kind != TRAJ_BALL;
    }
    if (players < 2) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: all players are at (%g, %g) all the time, so these are no positions; "
                     "look at the file's coordinates, and leave missing ones empty",
                     reading->tracks->file, found->low[0], found->low[1]);
}

/* Positions become metres from the centre spot, y up. */
static void convert(traj_recording *recording, const traj_position_frame *as)
{
    double scale[2], zero[2], side[2] = {as->length_m, as->width_m};
    for (int axis = 0; axis < 2; axis++) {
        scale[axis] = traj_position_frame_metres(as, axis);
        zero[axis] = as->corner ? side[axis] / 2.0 : 0.0;
    }
    const double up = as->down ? -1.0 : 1.0;
    const bool already = scale[0] == 1.0 && scale[1] == 1.0 && !as->corner && !as->down;
    recording->pitch_length_m = as->length_m;
    recording->pitch_width_m = as->width_m;
    for (size_t s = 0; s < recording->sequences && !already; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        for (size_t i = 0; i < sequence->frames * sequence->agents; i++) {
            float *pos = sequence->pos_m + 2 * i;
            pos[0] = (float)(pos[0] * scale[0] - zero[0]);
            pos[1] = (float)(up * (pos[1] * scale[1] - zero[1]));
        }
    }
}

static traj_status check_inside(const traj_reading *reading, const traj_extent *found,
                                const traj_position_frame *as, traj_error *err)
{
    char other[160];
    const double share = traj_position_frame_inside(reading, found, as);
    if (share >= 0.9) return TRAJ_OK;
    other_unit(reading, found, as, other, sizeof other);
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s: read as %s with the origin in the %s, only %.0f %% of the players' positions lie on a "
        "%.4g x %.4g m pitch; say what they are with --unit, --origin and --pitch%s",
        reading->tracks->file, as->unit->name, as->corner ? "corner" : "centre", 100.0 * share,
        as->length_m, as->width_m, other);
}

/* In metres; where the unit differs along x and y, their geometric mean. Decimal steps of 1e-9 are
 * meant as they stand. */
static void find_quantum(traj_reading *reading, double step, const traj_position_frame *as)
{
    traj_recording *recording = reading->recording;
    if (reading->options->quantum_m >= 0.0) {
        recording->quantum_m = reading->options->quantum_m;
        return;
    }
    double metre = as->unit->metre;
    if (!(metre > 0.0)) metre = sqrt(as->length_m * as->width_m) / as->unit->whole;
    recording->quantum_m = round(step * metre * 1e9) / 1e9;
    if (step > 0.0)
        traj_guess_add(reading->guesses, "resolution", "--quantum METRES",
                       "%.3g m: positions are whole multiples of %g in the file's unit",
                       recording->quantum_m, step);
    else
        traj_guess_add(reading->guesses, "resolution", "--quantum METRES",
                       "none: positions have more digits than any tracking system measures");
}

/* low..high of everybody along either axis, in the file's unit, the outermost too. */
static void find_reach(const traj_reading *reading, double low[2], double high[2])
{
    for (size_t axis = 0; axis < 2; axis++) {
        low[axis] = INFINITY;
        high[axis] = -INFINITY;
    }
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        const traj_sequence *sequence = &reading->recording->sequence[s];
        const size_t frames = traj_guess_frames(reading, s);
        for (size_t i = 0; i < frames * sequence->agents; i++)
            for (size_t axis = 0; axis < 2; axis++) {
                const double at = sequence->pos_m[2 * i + axis];
                low[axis] = fmin(low[axis], at); /* fmin and fmax pass NaN over */
                high[axis] = fmax(high[axis], at);
            }
    }
}

/* Whole metres from the origin to the end of a box that holds low..high: on both sides of the
 * origin, or from a corner on. */
static double box_side(double low, double high, double metre, bool corner)
{
    const double furthest = corner ? high : fmax(-low, high);
    return fmax(ceil(furthest * metre), 1.0) * (corner ? 1.0 : 2.0);
}

static traj_status find_box(traj_reading *reading, traj_position_frame *as, traj_error *err)
{
    const traj_read_options *options = reading->options;
    double low[2], high[2];
    if (options->pitch_length_m > 0.0 && options->pitch_width_m > 0.0) {
        as->length_m = options->pitch_length_m;
        as->width_m = options->pitch_width_m;
        return TRAJ_OK;
    }
    if (!(as->unit->metre > 0.0))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--unit %s: a share of what? Give the size with --pitch LENGTHxWIDTH",
                         as->unit->name);
    find_reach(reading, low, high);
    as->length_m = box_side(low[0], high[0], as->unit->metre, as->corner);
    as->width_m = box_side(low[1], high[1], as->unit->metre, as->corner);
    traj_guess_add(reading->guesses, "pitch", "--pitch LENGTHxWIDTH",
                   "%.6g x %.6g m: a box around the %s that holds everybody, in whole metres",
                   as->length_m, as->width_m, as->corner ? "positions" : "origin");
    return TRAJ_OK;
}

/* Open ground has no lines that positions could be held against: they stay where the file has
 * them, unless --origin says otherwise. */
static traj_status find_ground(traj_reading *reading, const traj_extent *found,
                               traj_position_frame *as, traj_error *err)
{
    const traj_read_options *options = reading->options;
    const traj_layout *layout = &reading->tracks->layout;
    const bool told = layout->unit != NULL;
    const char *unit = options->unit[0] != '\0' ? options->unit : told ? layout->unit : "metres";
    const traj_position_origin *origin = traj_position_origin_find(options->origin);
    as->unit = traj_position_unit_find(unit);
    as->corner = origin != NULL && origin->corner;
    as->down = origin != NULL && origin->down;
    if (told)
        tell_unit(reading, found, as, true);
    else if (options->unit[0] == '\0')
        traj_guess_add(reading->guesses, "units", "--unit metres|cm|yards|feet|normalised|percent",
                       "metres: there is no pitch to tell them by in %s", layout->name);
    if (origin == NULL)
        traj_guess_add(reading->guesses, "origin", "--origin centre|centre-down|bottom-left|...",
                       "that of the file, y up: positions are kept as they are");
    return find_box(reading, as, err);
}

/* What is likely, and fits badly, is as good as untold. */
static void check_likely(const traj_reading *reading, const traj_extent *found)
{
    traj_layout *const layout = &reading->tracks->layout;
    traj_position_frame ignored;
    if (!layout->likely || traj_position_frame_fit(
                               reading, found, traj_position_unit_find(layout->unit),
                               traj_position_origin_find(layout->origin), false, &ignored) < LIKELY)
        return;
    layout->unit = layout->origin = NULL;
}

/* Chooses unit and origin within what is told; fills *as. */
static traj_status find_frame(traj_reading *reading, const traj_extent *found,
                              traj_position_frame *as, traj_error *err)
{
    const traj_read_options *options = reading->options;
    const traj_layout *layout = &reading->tracks->layout;
    const char *unit = options->unit, *origin = options->origin;
    check_likely(reading, found);
    const bool told = unit[0] == '\0' && layout->unit != NULL;
    if (layout->crowd) return find_ground(reading, found, as, err);
    if (told) unit = layout->unit;
    if (origin[0] == '\0' && layout->origin != NULL) origin = layout->origin;
    double least = traj_position_frame_fit(reading, found, traj_position_unit_find(unit),
                                           traj_position_origin_find(origin), false, as);
    traj_status status = check_spread(reading, found, err);
    if (status == TRAJ_OK) status = check_axes(reading, found, least, err);
    if (status != TRAJ_OK) return status;
    tell_unit(reading, found, as, told);
    find_origin(reading, as);
    find_pitch(reading, found, as);
    doubt_metres(reading, found, as);
    if (!told) doubt_yards(reading, found, as);
    status = check_pitch(reading, found, as, err);
    return status == TRAJ_OK ? check_extent(reading, found, as, err) : status;
}

traj_status traj_guess_pitch(traj_reading *reading, traj_error *err)
{
    traj_status status = check_words(reading, err);
    if (status != TRAJ_OK) return status;
    double *scratch = traj_alloc(2 * TRAJ_POSITIONS_MEASURED, sizeof *scratch);
    traj_extent found = {.count = 0};
    traj_position_frame as = {0};
    if (scratch == NULL) return traj_fail_memory(err, "a sample of positions");
    double *const at[] = {scratch, scratch + TRAJ_POSITIONS_MEASURED};
    traj_extent_measure(reading, at, &found);
    status = find_frame(reading, &found, &as, err);
    if (status == TRAJ_OK) {
        find_quantum(reading, found.step, &as);
        convert(reading->recording, &as);
        status = check_inside(reading, &found, &as, err);
    }
    traj_free(scratch);
    return status;
}
