/* Metrica's sample games: a home and an away file of the same frames, three header lines each.
 *
 *   ,,,Home,,Home,,...          team, above the x column of each player
 *   ,,,11,,1,,...               jersey number, likewise
 *   Period,Frame,Time [s],Player11,,Player1,,...,Ball,
 *
 * Positions are shares of a 105 x 68 m pitch, (0,0) at the top left. The ball stands in both files.
 * Source: Metrica Sports sample-data, README. */
#include "formats.h"
#include "keys.h"

#include "traj/base/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct header {
    traj_pairs pairs;
    traj_track_text *team; /* owned [columns]: line 1 */
    int *jersey;           /* owned [columns]: line 2, -1 = none */
    size_t columns;
    int lines; /* header lines read so far */
} header;

/* The third line of the file begins with the three fixed names. */
bool traj_metrica_sniff(const char *bytes, size_t size)
{
    const char *end = bytes + size, *line = bytes;
    for (int skipped = 0; skipped < 2; skipped++) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (line == NULL) return false;
        line++;
    }
    traj_columns columns;
    if (!traj_columns_peek(&columns, line, (size_t)(end - line))) return false;
    bool found = columns.count > 3 && strcmp(columns.plain[0], "period") == 0 &&
                 strcmp(columns.plain[1], "frame") == 0 && strcmp(columns.plain[2], "times") == 0;
    traj_columns_free(&columns);
    return found;
}

/* The end of `home` or `away` where text begins with it, whatever the case; else text. */
static const char *skip_side(const char *text)
{
    char word[5] = "";
    for (int i = 0; i < 4 && text[i] != '\0'; i++) word[i] = (char)tolower((unsigned char)text[i]);
    return strcmp(word, "home") == 0 || strcmp(word, "away") == 0 ? text + 4 : text;
}

/* True when two names are the same but for home and away in them. */
bool traj_metrica_joins(const char *a, const char *b)
{
    for (;;) {
        const char *past_a = skip_side(a), *past_b = skip_side(b);
        if ((past_a != a) != (past_b != b)) return false;
        if (past_a != a) {
            a = past_a;
            b = past_b;
            continue;
        }
        if (*a != *b) return false;
        if (*a == '\0') return true;
        a++;
        b++;
    }
}

static traj_status read_teams(header *head, const traj_csv_row *row, traj_error *err)
{
    head->columns = row->fields;
    head->team = traj_alloc(row->fields, sizeof *head->team);
    head->jersey = traj_alloc(row->fields, sizeof *head->jersey);
    if (head->team == NULL || head->jersey == NULL) return traj_fail_memory(err, "a header line");
    for (size_t c = 0; c < row->fields; c++)
        traj_text_copy(head->team[c], sizeof *head->team, row->field[c]);
    return TRAJ_OK;
}

/* -1: none, or none that a shirt has room for. */
static int jersey_number(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 3 ? atoi(text) : -1;
}

static void read_jerseys(header *head, const traj_csv_row *row)
{
    for (size_t c = 0; c < head->columns; c++)
        head->jersey[c] = c < row->fields ? jersey_number(row->field[c]) : -1;
}

static traj_status read_names(header *head, const traj_csv_row *row, traj_error *err)
{
    traj_status status = traj_columns_copy(&head->pairs.columns, row, err);
    for (size_t c = 3; c + 1 < row->fields && status == TRAJ_OK; c++) {
        const char *name = head->pairs.columns.plain[c];
        if (name[0] == '\0') continue;
        traj_pair pair = {.x = c, .y = c + 1, .z = TRAJ_NO_COLUMN, .jersey = -1};
        pair.ball = strcmp(name, "ball") == 0;
        if (pair.ball) {
            snprintf(pair.id, sizeof pair.id, "ball");
        } else if (c < head->columns && head->team[c][0] != '\0' && head->jersey[c] >= 0) {
            traj_track_text team;
            traj_text_plain(team, sizeof team, head->team[c]);
            pair.jersey = head->jersey[c];
            memcpy(pair.label, head->team[c], sizeof pair.label);
            snprintf(pair.id, sizeof pair.id, "%.40s_%d", team, pair.jersey % 1000);
        } else {
            return traj_fail(
                err, TRAJ_E_DATA,
                "%s:%ld: column %zu ('%s'): expected a team and a jersey number above it "
                "in the two lines before",
                row->file, row->line, c + 1, head->pairs.columns.name[c]);
        }
        status = traj_pairs_add(&head->pairs, &pair, err);
    }
    traj_keys_init(head->pairs.keys, &head->pairs.columns);
    return status;
}

static traj_status visit(void *context, const traj_csv_row *row, traj_error *err)
{
    header *head = context;
    switch (head->lines++) {
    case 0:
        return read_teams(head, row, err);
    case 1:
        read_jerseys(head, row);
        return TRAJ_OK;
    case 2:
        return read_names(head, row, err);
    default:
        return traj_pairs_row(&head->pairs, row, err);
    }
}

static traj_status read_file(traj_input *input, bool joins, traj_tracks *tracks, traj_error *err)
{
    traj_keys keys;
    header head = {.pairs = {.keys = &keys, .tracks = tracks, .joins = joins}};
    const traj_status status = traj_csv_read(input, visit, &head, err);
    traj_pairs_free(&head.pairs);
    traj_free(head.team);
    traj_free(head.jersey);
    return status;
}

traj_status traj_metrica_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_input *const *files = from->data;
    if (from->count != 2)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: this is one half of a Metrica pair; give the home and the away file, "
                         "one after the other",
                         traj_input_name(files[0]));
    tracks->layout =
        (traj_layout){.name = "Metrica CSV", .unit = "normalised", .origin = "top-left"};
    traj_status status = read_file(files[0], false, tracks, err);
    if (status == TRAJ_OK) status = read_file(files[1], true, tracks, err);
    if (status == TRAJ_OK && tracks->rows > 0 && tracks->labels != 2)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s and %s: expected two teams, found %zu; give the home and the away file "
            "of one match",
            traj_input_name(files[0]), traj_input_name(files[1]), tracks->labels);
    return status;
}
