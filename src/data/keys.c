/* Rows -> (sequence, frame). Neighbouring rows mostly share both, so the row before is tried first.
 */
#include "keys.h"

#include "clock.h"
#include "lines.h"
#include "text_index.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Plain names, in order of preference: columns with fractions of seconds before clocks that show
 * whole ones. */
static const char *const part_names[TRAJ_KEY_PARTS] = {
    [TRAJ_KEY_SEQUENCE] = "sequence sequenceid",
    [TRAJ_KEY_GAME] = "gameid matchid game match",
    [TRAJ_KEY_PLAY] = "playid play",
    [TRAJ_KEY_PERIOD] = "periodid period half phase quarter currentphase",
};
static const char frame_names[] = "frameid frame framecount frameidx framenum framenumber cycle";
static const char time_names[] =
    "timestamp times timestampms timems matchtime time tsinms datetime "
    "gameclock gametime gametimetd";

void traj_keys_init(traj_keys *keys, const traj_columns *columns)
{
    memset(keys, 0, sizeof *keys);
    for (int p = 0; p < TRAJ_KEY_PARTS; p++)
        keys->part[p] = traj_columns_find(columns, part_names[p]);
    keys->frame = traj_columns_find(columns, frame_names);
    keys->time = traj_columns_find(columns, time_names);
    keys->direction = traj_columns_find(columns, "playdirection");
    keys->ball = traj_columns_find(columns, "ballstate ballstatus");
    keys->owner = traj_columns_find(columns, "ballowningteamid ballowningteam teampossession");
    keys->time_unit_s = 1.0;
    if (keys->time != TRAJ_NO_COLUMN) {
        const char *name = columns->plain[keys->time];
        size_t length = strlen(name);
        if (length > 2 && strcmp(name + length - 2, "ms") == 0) keys->time_unit_s = 1e-3;
    }
}

/* 1 for "1", "half_1", "firstHalf"; 3 and 4 for extra time, 5 for a shoot-out. */
static int period_number(const char *text)
{
    const char *digit = strpbrk(text, "0123456789");
    if (digit != NULL) {
        const long number = strtol(digit, NULL, 10);
        return number < INT_MAX ? (int)number : INT_MAX;
    }
    char plain[32];
    traj_text_plain(plain, sizeof plain, text);
    if (strstr(plain, "shoot") != NULL) return 5;
    int extra = strstr(plain, "extra") != NULL ? 2 : 0;
    return (strncmp(plain, "second", 6) == 0 ? 2 : 1) + extra;
}

/* "1" for what can only be a period: 1, 1.0 as pandas writes it beside missing ones, and words for
 * it; any other text stands for itself. */
static void period_name(const char *text, char *name, size_t size)
{
    static const char words[] = "firsthalf secondhalf firsthalfextra secondhalfextra "
                                "firsthalfextratime secondhalfextratime shootout";
    char plain[32];
    int64_t number;
    traj_text_plain(plain, sizeof plain, text);
    if (traj_text_among(plain, words) || traj_text_whole(text, INT_MAX, &number))
        snprintf(name, size, "%d", period_number(text));
    else
        snprintf(name, size, "%s", text);
}

/* "game/play"; where that is too long, its beginning and a number that tells it apart. */
static void join_names(const char *game, const char *play, char *name, size_t size)
{
    enum { HASH = 10 };
    char whole[2 * TRAJ_KEY_SIZE];
    snprintf(whole, sizeof whole, "%s/%s", game, play);
    if (strlen(whole) < size)
        memcpy(name, whole, strlen(whole) + 1);
    else
        snprintf(name, size, "%.*s~%08" PRIx32, (int)size - HASH, whole,
                 (uint32_t)traj_hash_text(0, whole));
}

/* A play, or a period, of a match; a sequence column says it all. */
static void sequence_name(traj_keys *keys, char *name, size_t size)
{
    const char *play = keys->last[TRAJ_KEY_PLAY], *game = keys->last[TRAJ_KEY_GAME];
    char period[TRAJ_KEY_SIZE];
    period_name(keys->last[TRAJ_KEY_PERIOD], period, sizeof period);
    const char *within = play[0] != '\0' ? play : period;
    if (keys->last[TRAJ_KEY_SEQUENCE][0] != '\0')
        snprintf(name, size, "%s", keys->last[TRAJ_KEY_SEQUENCE]);
    else if (game[0] != '\0' && within[0] != '\0')
        join_names(game, within, name, size);
    else
        snprintf(name, size, "%s", within[0] != '\0' ? within : game[0] != '\0' ? game : "1");
}

static traj_status find_sequence(traj_keys *keys, const traj_csv_row *from, traj_tracks *tracks,
                                 traj_error *err)
{
    bool same = keys->any;
    for (int p = 0; p < TRAJ_KEY_PARTS && same; p++)
        same = keys->part[p] == TRAJ_NO_COLUMN ||
               strcmp(keys->last[p], traj_columns_text(from, keys->part[p])) == 0;
    if (same) return TRAJ_OK;
    for (int p = 0; p < TRAJ_KEY_PARTS; p++)
        traj_text_copy(keys->last[p], sizeof keys->last[p], traj_columns_text(from, keys->part[p]));
    char name[64];
    bool added;
    sequence_name(keys, name, sizeof name);
    keys->row = TRAJ_INDEX_NONE;
    keys->any = true;
    traj_status status = traj_tracks_sequence(tracks, name, &keys->sequence, &added, err);
    if (status != TRAJ_OK || !added) return status;
    traj_track_sequence *sequence = &tracks->sequence[keys->sequence];
    if (keys->last[TRAJ_KEY_PERIOD][0] != '\0')
        sequence->period_id = period_number(keys->last[TRAJ_KEY_PERIOD]);
    const char *direction = traj_columns_text(from, keys->direction);
    sequence->direction = direction[0] == 'r' ? 1 : direction[0] == 'l' ? -1 : 0;
    return TRAJ_OK;
}

/* Rows before kick-off and at half-time carry no period, or databallpy's -999. */
static bool outside_periods(const traj_keys *keys, const traj_csv_row *from)
{
    if (keys->part[TRAJ_KEY_PERIOD] == TRAJ_NO_COLUMN) return false;
    const char *period = traj_columns_text(from, keys->part[TRAJ_KEY_PERIOD]);
    return period[0] == '\0' || period[0] == '-';
}

static double row_time(const traj_keys *keys, const traj_csv_row *from, traj_tracks *tracks)
{
    double seconds;
    bool wall;
    if (keys->time == TRAJ_NO_COLUMN) return NAN;
    const double plain = from->number[keys->time];
    const int unknown = isnan(plain) ? traj_clock_parse(from->field[keys->time], &seconds, &wall)
                                     : traj_clock_number(plain, &seconds, &wall);
    if (unknown != 0) return NAN;
    if (isinf(seconds)) return NAN; /* too many digits */
    if (wall) tracks->wall_clock = true;
    return wall ? seconds : seconds * keys->time_unit_s;
}

static traj_status row_frame(traj_keys *keys, const traj_columns *columns, const traj_csv_row *from,
                             traj_tracks *tracks, int64_t *frame, traj_error *err)
{
    double number;
    if (keys->frame != TRAJ_NO_COLUMN) {
        if (traj_csv_row_number(from, keys->frame, &number) == 0 && traj_is_whole(number)) {
            *frame = (int64_t)number;
            return TRAJ_OK;
        }
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: column %zu ('%s'): expected a whole frame number, got '%.60s'",
                         from->file, from->line, keys->frame + 1, columns->name[keys->frame],
                         from->field[keys->frame]);
    }
    tracks->frames_told = false;
    if (keys->count_rows) {
        *frame = keys->counted++;
        return TRAJ_OK;
    }
    number = row_time(keys, from, tracks);
    if (!(fabs(number) * 1e3 < TRAJ_LARGEST_FRAME))
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s:%ld: no column tells the frame (frame_id, frame, frameId, cycle) and no "
            "time stands in for it; add one",
            from->file, from->line);
    *frame = (int64_t)llround(number * 1e3);
    return TRAJ_OK;
}

traj_status traj_keys_row(traj_keys *keys, const traj_columns *columns, const traj_csv_row *from,
                          traj_tracks *tracks, uint32_t *row, bool *added, traj_error *err)
{
    int64_t frame = 0;
    *row = TRAJ_INDEX_NONE;
    *added = false;
    if (outside_periods(keys, from)) return TRAJ_OK;
    traj_status status = find_sequence(keys, from, tracks, err);
    if (status == TRAJ_OK) status = row_frame(keys, columns, from, tracks, &frame, err);
    if (status != TRAJ_OK) return status;
    if (keys->sequence < keys->behinds) frame += keys->behind[keys->sequence];
    if (keys->row == TRAJ_INDEX_NONE || tracks->row[keys->row].frame_id != frame) {
        status = traj_tracks_row(tracks, keys->sequence, frame, &keys->row, added, err);
        if (status != TRAJ_OK) return status;
    }
    if (*added) {
        tracks->row[keys->row].line = (uint32_t)from->line;
        tracks->row[keys->row].time_s = row_time(keys, from, tracks);
    }
    if (*added && (keys->ball != TRAJ_NO_COLUMN || keys->owner != TRAJ_NO_COLUMN))
        traj_tracks_play(tracks, keys->row, traj_ball_state_of(traj_columns_text(from, keys->ball)),
                         traj_columns_text(from, keys->owner));
    *row = keys->row;
    return TRAJ_OK;
}
