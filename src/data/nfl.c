/* NFL Big Data Bowl of 2026: CSV, for each week a file of how plays begin and one of how they go on
 * once the ball is thrown.
 *
 *   input_2023_w01.csv:  game_id,play_id,...,nfl_id,frame_id,...,player_side,...,x,y,...,
 *                        num_frames_output,...
 *   output_2023_w01.csv: game_id,play_id,nfl_id,frame_id,x,y
 *
 * Both are long CSV (long.c). The output counts its frames from 1 again and tells neither sides nor
 * whatever else the input does: its frame 1 is the one behind the play's last in the input, and its
 * players are those of the input. Whoever was not to be predicted is not in it. Either file may be
 * read alone. Source: the contest's files. */
#include "formats.h"
#include "keys.h"
#include "lines.h"

#include "traj/base/memory.h"

#include <ctype.h>
#include <string.h>

static const char input_name[] = "input_", output_name[] = "output_";
static const char output_header[] = "game_id,play_id,nfl_id,frame_id,x,y";

/* Semicolons and tabs will do, too. */
static bool is_output(const char *bytes, size_t size)
{
    traj_lines lines;
    const char *line;
    size_t length, same = 0;
    traj_lines_init(&lines, bytes, size);
    if (!traj_lines_next(&lines, &line, &length)) return false;
    while (length > 0 && isspace((unsigned char)line[length - 1])) length--;
    while (same < length && same < sizeof output_header - 1 &&
           (line[same] == output_header[same] ||
            (output_header[same] == ',' && (line[same] == ';' || line[same] == '\t'))))
        same++;
    return same == length && same == sizeof output_header - 1;
}

static bool is_input(const char *bytes, size_t size)
{
    traj_lines lines;
    const char *line;
    size_t length;
    traj_lines_init(&lines, bytes, size);
    return traj_lines_next(&lines, &line, &length) && traj_text_holds(line, length, "nfl_id") &&
           traj_text_holds(line, length, "num_frames_output");
}

bool traj_nfl_sniff(const char *bytes, size_t size)
{
    return is_input(bytes, size) || is_output(bytes, size);
}

static bool are_halves(const char *input, const char *output)
{
    const size_t before = strlen(input_name), behind = strlen(output_name);
    return strncmp(input, input_name, before) == 0 && strncmp(output, output_name, behind) == 0 &&
           strcmp(input + before, output + behind) == 0;
}

/* True when two names are the same but for input_ and output_. */
bool traj_nfl_joins(const char *a, const char *b)
{
    size_t at = 0;
    while (a[at] != '\0' && a[at] == b[at]) at++;
    return are_halves(a + at, b + at) || are_halves(b + at, a + at);
}

/* ---- the output ---- */

enum { PLAYER, X, Y, ROLES };

typedef struct reader {
    traj_columns columns; /* owned */
    traj_keys keys;
    size_t role[ROLES];
    traj_tracks *tracks; /* view: with the input in it */
    int64_t *latest;     /* owned [plays]: the last frame of each in the input */
    size_t plays;
} reader;

static traj_status read_header(reader *in, const traj_csv_row *row, traj_error *err)
{
    static const char *const names[ROLES] = {[PLAYER] = "nflid", [X] = "x", [Y] = "y"};
    const traj_status status = traj_columns_copy(&in->columns, row, err);
    if (status != TRAJ_OK) return status;
    traj_keys_init(&in->keys, &in->columns);
    in->keys.behind = in->latest;
    in->keys.behinds = in->plays;
    bool good = in->columns.count == 6 && in->keys.frame != TRAJ_NO_COLUMN &&
                in->keys.part[TRAJ_KEY_GAME] != TRAJ_NO_COLUMN &&
                in->keys.part[TRAJ_KEY_PLAY] != TRAJ_NO_COLUMN;
    for (int r = 0; r < ROLES; r++) {
        in->role[r] = traj_columns_find(&in->columns, names[r]);
        good = good && in->role[r] != TRAJ_NO_COLUMN;
    }
    if (good) return TRAJ_OK;
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:%ld: expected the columns %s, and no others, of what follows %s; read each "
        "file alone: --format long",
        row->file, row->line, output_header, in->tracks->file);
}

static traj_status find_player(const reader *in, const traj_csv_row *row, uint32_t *agent,
                               traj_error *err)
{
    const traj_track_sequence *const play = &in->tracks->sequence[in->keys.sequence];
    const char *const player = traj_columns_text(row, in->role[PLAYER]);
    if (in->keys.sequence >= in->plays)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: play %s is not in %s; remove it, or read each file alone: "
                         "--format long",
                         row->file, row->line, play->name, in->tracks->file);
    for (*agent = 0; *agent < play->agents; ++*agent)
        if (strcmp(play->agent[*agent].key, player) == 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: player '%.40s' is not in play %s of %s, which tells his side; remove "
                     "him, or read each file alone: --format long",
                     row->file, row->line, player, play->name, in->tracks->file);
}

static traj_status read_row(reader *in, const traj_csv_row *row, traj_error *err)
{
    uint32_t frame, agent = 0;
    bool added;
    double x = 0.0, y = 0.0;
    traj_status status = traj_columns_check(&in->columns, row, err);
    if (status == TRAJ_OK)
        status = traj_keys_row(&in->keys, &in->columns, row, in->tracks, &frame, &added, err);
    if (status == TRAJ_OK) status = find_player(in, row, &agent, err);
    if (status == TRAJ_OK) status = traj_columns_number(&in->columns, row, in->role[X], &x, err);
    if (status == TRAJ_OK) status = traj_columns_number(&in->columns, row, in->role[Y], &y, err);
    if (status != TRAJ_OK) return status;
    if (added) in->tracks->row[frame].file = row->file;
    return traj_tracks_sample(in->tracks, frame, agent, x, y, err);
}

static traj_status visit(void *context, const traj_csv_row *row, traj_error *err)
{
    reader *const in = context;
    return in->columns.count == 0 ? read_header(in, row, err) : read_row(in, row, err);
}

static traj_status read_output(traj_input *output, traj_tracks *tracks, traj_error *err)
{
    reader in = {.tracks = tracks, .plays = tracks->sequences};
    in.latest = traj_alloc(in.plays, sizeof *in.latest);
    if (in.latest == NULL) return traj_fail_memory(err, "the plays of an input");
    for (size_t p = 0; p < in.plays; p++) in.latest[p] = tracks->sequence[p].latest;
    const traj_status status = traj_csv_read(output, visit, &in, err);
    traj_columns_free(&in.columns);
    traj_free(in.latest);
    return status;
}

/* ---- both ---- */

traj_status traj_nfl_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    const char *head;
    size_t size;
    if (from->count == 1) return traj_long_read(from, tracks, err);
    traj_status status = traj_input_peek(from->data[1], &head, &size, err);
    if (status != TRAJ_OK) return status;
    const int first = is_input(head, size); /* they may be named in any order */
    const traj_sources input = {.data = &from->data[first], .count = 1};
    tracks->file = traj_input_name(input.data[0]);
    status = traj_long_read(&input, tracks, err);
    return status == TRAJ_OK ? read_output(from->data[1 - first], tracks, err) : status;
}
