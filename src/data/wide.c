/* Wide CSV: one row a frame, columns <id>_x and <id>_y for each player and the ball.
 *
 * kloppy to_df (ids of the provider), databallpy (home_11), notebooks after Laurie Shaw (Home_11),
 * polars and any other table of this shape. Ids may hold underscores, so the suffix is parsed from
 * the right. */
#include "formats.h"
#include "keys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Names before _x and _y that are no agents of their own. */
static const char not_players[] = "player pos position referee referees";

/* "home_11_x" -> id "home_11"; false: not such a column. */
static bool strip_suffix(const char *name, char axis, traj_track_text id)
{
    size_t length = strlen(name);
    if (length < 3 || name[length - 2] != '_' || tolower((unsigned char)name[length - 1]) != axis)
        return false;
    traj_text_copy(id, sizeof(traj_track_text), name);
    if (length - 2 < sizeof(traj_track_text)) id[length - 2] = '\0';
    return true;
}

static size_t find_partner(const traj_columns *columns, size_t x, const traj_track_text id,
                           char axis)
{
    traj_track_text other;
    for (size_t step = 1; step < columns->count; step++) {
        size_t c = (x + step) % columns->count; /* the partner is nearly always the next column */
        if (strip_suffix(columns->name[c], axis, other) && strcmp(id, other) == 0) return c;
    }
    return TRAJ_NO_COLUMN;
}

/* Length of a leading "home_" or "away_" without its underscore, or 0. */
static size_t side_length(const char *id)
{
    traj_track_text lower;
    for (size_t i = 0; i < sizeof lower; i++) {
        lower[i] = (char)tolower((unsigned char)id[i]);
        if (id[i] == '\0') break;
    }
    return strncmp(lower, "home_", 5) == 0 || strncmp(lower, "away_", 5) == 0 ? 4 : 0;
}

/* "home_11" -> team "home", jersey 11; "home_DFL-OBJ-002G3I" -> team "home"; "red_7" -> team "red",
 * jersey 7; "DFL-OBJ-002G3I" -> no team. */
static void split_id(traj_pair *pair)
{
    const char *dash = strrchr(pair->id, '_');
    size_t label = side_length(pair->id);
    size_t digits = dash == NULL ? 0 : strspn(dash + 1, "0123456789");
    bool numbered = digits > 0 && dash[1 + digits] == '\0';
    if (label == 0 && numbered) label = (size_t)(dash - pair->id);
    if (label == 0) return;
    if (numbered && digits <= 3) pair->jersey = atoi(dash + 1);
    memcpy(pair->label, pair->id, label);
    pair->label[label] = '\0';
}

/* True when column x begins a pair; fills it in. */
static bool find_pair(const traj_columns *columns, size_t x, traj_pair *pair)
{
    char plain[sizeof(traj_track_text)];
    memset(pair, 0, sizeof *pair);
    if (!strip_suffix(columns->name[x], 'x', pair->id)) return false;
    traj_text_plain(plain, sizeof plain, pair->id);
    pair->x = x;
    pair->y = find_partner(columns, x, pair->id, 'y');
    pair->z = TRAJ_NO_COLUMN;
    pair->jersey = -1;
    pair->ball = strcmp(plain, "ball") == 0;
    if (pair->ball) pair->z = find_partner(columns, x, pair->id, 'z');
    if (!pair->ball) split_id(pair);
    traj_text_plain(plain, sizeof plain, pair->label[0] != '\0' ? pair->label : pair->id);
    return pair->y != TRAJ_NO_COLUMN && !traj_text_among(plain, not_players);
}

bool traj_wide_sniff(const char *bytes, size_t size)
{
    traj_columns columns;
    traj_pair pair;
    bool found = false;
    if (!traj_columns_peek(&columns, bytes, size)) return false;
    for (size_t c = 0; c < columns.count && !found; c++)
        found = find_pair(&columns, c, &pair) && !pair.ball;
    traj_columns_free(&columns);
    return found;
}

/* Labels name teams where every player has one and there are several, or everybody is a pedestrian;
 * "Track_1", "Track_2" are just ids. */
static void drop_shared_label(traj_pairs *pairs)
{
    size_t players = 0, prefixed = 0;
    const char *first = NULL;
    bool several = false;
    for (size_t p = 0; p < pairs->count; p++) {
        const traj_pair *pair = &pairs->pair[p];
        players += !pair->ball;
        prefixed += pair->label[0] != '\0';
        if (first == NULL && pair->label[0] != '\0') first = pair->label;
        if (first != NULL && pair->label[0] != '\0' && strcmp(first, pair->label) != 0)
            several = true;
    }
    if (several && prefixed == players) return;
    if (first != NULL && strcmp(first, TRAJ_CROWD_TEAM) == 0 && prefixed == players) return;
    for (size_t p = 0; p < pairs->count; p++) pairs->pair[p].label[0] = '\0';
}

/* Whether our own writer may have made the file: these columns, then players of named teams,
 * nothing else. */
static bool is_ours(const traj_pairs *pairs)
{
    static const char *const first[] = {"frame", "period_id", "timestamp"};
    enum { FIRST = sizeof first / sizeof *first };
    const traj_columns *const columns = &pairs->columns;
    const size_t sequence = strcmp(columns->name[0], "sequence") == 0;
    if (columns->count != sequence + FIRST + 2 * pairs->count) return false;
    for (size_t c = 0; c < FIRST; c++)
        if (strcmp(columns->name[sequence + c], first[c]) != 0) return false;
    for (size_t p = 0; p < pairs->count; p++)
        if (!pairs->pair[p].ball &&
            !traj_text_among(pairs->pair[p].label, "home away " TRAJ_CROWD_TEAM))
            return false;
    return true;
}

static traj_status read_header(traj_pairs *pairs, const traj_csv_row *row, traj_error *err)
{
    traj_status status = traj_columns_copy(&pairs->columns, row, err);
    traj_pair pair;
    for (int ball = 0; ball <= 1; ball++) /* the ball is last in a recording, too */
        for (size_t c = 0; c < pairs->columns.count && status == TRAJ_OK; c++)
            if (find_pair(&pairs->columns, c, &pair) && pair.ball == (ball == 1))
                status = traj_pairs_add(pairs, &pair, err);
    if (status != TRAJ_OK) return status;
    if (pairs->count == 0)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s:%ld: no pair of columns <id>_x, <id>_y in the header; try --format long", row->file,
            row->line);
    if (is_ours(pairs))
        pairs->tracks->layout = (traj_layout){
            .name = "wide CSV of traj", .unit = "metres", .origin = "centre", .likely = true};
    drop_shared_label(pairs);
    traj_keys_init(pairs->keys, &pairs->columns);
    pairs->keys->count_rows = true;
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_csv_row *row, traj_error *err)
{
    traj_pairs *pairs = context;
    if (pairs->columns.count == 0) return read_header(pairs, row, err);
    return traj_pairs_row(pairs, row, err);
}

traj_status traj_wide_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_keys keys;
    traj_pairs pairs = {.keys = &keys, .tracks = tracks};
    tracks->layout.name = "wide CSV";
    const traj_status status = traj_csv_read(from->data[0], visit, &pairs, err);
    traj_pairs_free(&pairs);
    return status;
}
