/* EPTS, FIFA's standard data format (Metrica's third sample game): text, a line a frame, and XML
 * without which it says nothing.
 *
 *   450:0.30602,0.97029,5,1.1127;0.48496,0.73308,1,5.2345;...:0.52867,0.70690,NaN
 *
 * Separators, and what stands between them, are declared in the metadata (epts_meta.c), which may
 * do so differently for several ranges of frames: players come and go. Shares of the pitch count
 * from the top left. Frames outside of the halves are left out. Source: the files themselves, and
 * kloppy's reader of them. */
#include "epts.h"
#include "formats.h"
#include "lines.h"

#include "traj/base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct place {
    double x, y;    /* in this frame; NaN: missing */
    uint32_t agent; /* of the sequence; TRAJ_INDEX_NONE: not seen in it yet */
} place;

typedef struct reader {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    long line;           /* being read */
    traj_epts epts;      /* owned */
    size_t kind;         /* of the line before: index into epts.lines */
    int period;          /* likewise; 0: none yet */
    uint32_t sequence, row;
    place *place; /* owned [players + 1], the last is the ball's */
} reader;

static place *place_of(const reader *in, int player)
{
    return &in->place[player == TRAJ_EPTS_BALL ? (int)in->tracks->facts.players : player];
}

/* ---- one line ---- */

static traj_status fail_line(const reader *in, const char *expected, const char *got,
                             traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: expected %s, as %s has it, got '%.40s'; the line may be cut short: "
                     "correct or remove it",
                     in->file, in->line, expected, in->tracks->facts.file, got);
}

/* The number that the line begins with, up to the separator of its kind. */
static bool find_frame(const traj_epts *epts, size_t kind, const char *text, int64_t *frame)
{
    const traj_epts_lines *const lines = &epts->lines[kind];
    char number[24];
    const char *const end = strchr(text, epts->item[lines->line].separator);
    if (end == NULL || end == text || (size_t)(end - text) >= sizeof number) return false;
    traj_text_copy(number, (size_t)(end - text) + 1, text);
    return traj_text_whole(number, TRAJ_LARGEST_FRAME, frame) && *frame >= lines->first_frame &&
           *frame <= lines->last_frame;
}

/* Mostly the kind of the line before. */
static traj_status find_kind(reader *in, const char *text, int64_t *frame, traj_error *err)
{
    if (find_frame(&in->epts, in->kind, text, frame)) return TRAJ_OK;
    for (in->kind = 0; in->kind < in->epts.kinds; in->kind++)
        if (find_frame(&in->epts, in->kind, text, frame)) return TRAJ_OK;
    in->kind = 0;
    return fail_line(in, "a frame's number within a DataFormatSpecification", text, err);
}

static traj_status read_place(const reader *in, const traj_epts_register *at, const char *text,
                              traj_error *err)
{
    place *const to = place_of(in, at->player);
    if (traj_csv_number(text, at->axis == 0 ? &to->x : &to->y) == 0) return TRAJ_OK;
    return fail_line(in, at->axis == 0 ? "a number as x" : "a number as y", text, err);
}

/* A split without anything in it lacks all that it consists of. */
static traj_status read_register(const reader *in, size_t r, char *text, traj_error *err)
{
    const traj_epts_register *const item = in->epts.item, *const at = &item[r];
    traj_status status = TRAJ_OK;
    if (at->kind == TRAJ_EPTS_PLACE) return read_place(in, at, text, err);
    if (at->kind != TRAJ_EPTS_SPLIT || text[0] == '\0') return TRAJ_OK;
    for (size_t part = r + 1; part < at->end && status == TRAJ_OK; part = item[part].end) {
        if (text == NULL) return fail_line(in, "more registers", "the end of a list", err);
        status = read_register(in, part, traj_text_cut(&text, at->separator), err);
    }
    if (status != TRAJ_OK || text == NULL || text[0] == '\0') return status;
    return fail_line(in, "the end of a list of registers", text, err);
}

/* ---- into the tracks ---- */

static traj_status begin_frame(reader *in, int64_t frame, const traj_facts_period *half,
                               traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    const int period = half != NULL ? half->id : 1;
    const traj_track_frame fresh = {in->file, in->line, period, frame,
                                    traj_facts_time(facts, half, frame)};
    for (size_t p = 0; p <= facts->players; p++) {
        in->place[p].x = in->place[p].y = NAN;
        if (period != in->period) in->place[p].agent = TRAJ_INDEX_NONE;
    }
    in->period = period;
    return traj_tracks_frame(in->tracks, &fresh, &in->sequence, &in->row, err);
}

static traj_status pour(reader *in, size_t p, traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    place *const from = &in->place[p];
    traj_status status = TRAJ_OK;
    if (isnan(from->x) || isnan(from->y)) return TRAJ_OK;
    if (from->agent == TRAJ_INDEX_NONE)
        status = p == facts->players ? traj_tracks_ball(in->tracks, in->sequence, &from->agent, err)
                                     : traj_tracks_player(in->tracks, in->sequence,
                                                          &facts->player[p], &from->agent, err);
    return status == TRAJ_OK
               ? traj_tracks_sample(in->tracks, in->row, from->agent, from->x, from->y, err)
               : status;
}

static traj_status visit(void *context, char *text, size_t length, long line, traj_error *err)
{
    reader *const in = context;
    const traj_facts *const facts = &in->tracks->facts;
    int64_t frame;
    (void)length;
    in->line = line;
    traj_status status = find_kind(in, text, &frame, err);
    if (status != TRAJ_OK) return status;
    const traj_facts_period *const half = traj_facts_period_at(facts, frame);
    if (half == NULL && facts->periods > 0) return TRAJ_OK;
    status = begin_frame(in, frame, half, err);
    if (status == TRAJ_OK) status = read_register(in, in->epts.lines[in->kind].line, text, err);
    for (size_t p = 0; p <= facts->players && status == TRAJ_OK; p++) status = pour(in, p, err);
    return status;
}

/* ---- the format ---- */

/* Metrica's separators; whoever declares others is told apart by --format. */
bool traj_epts_sniff(const char *bytes, size_t size)
{
    size_t at = 0, commas = 0, lists = 0;
    while (at < size && isdigit((unsigned char)bytes[at])) at++;
    if (at == 0 || at == size || bytes[at] != ':') return false;
    for (at++; at < size && bytes[at] != '\n' && bytes[at] != '\r'; at++) {
        commas += bytes[at] == ',';
        lists += bytes[at] == ';';
        if (strchr("0123456789+-.eNan,;:", bytes[at]) == NULL || bytes[at] == '\0') return false;
    }
    return commas > 0 && lists > 0;
}

static traj_status read_lines(reader *in, traj_input *input, traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    in->place = traj_alloc(facts->players + 1, sizeof *in->place);
    if (in->place == NULL) return traj_fail_memory(err, "the players of a match");
    const traj_status status = traj_input_lines(input, visit, in, err);
    if (status != TRAJ_OK || in->period > 0 || facts->periods == 0) return status;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: none of its frames lies in a half of %s (half %d: frames %" PRId64
                     " to %" PRId64 "); name the metadata of this match with --meta FILE",
                     in->file, facts->file, facts->period[0].id, facts->period[0].first_frame,
                     facts->period[0].last_frame);
}

traj_status traj_epts_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    reader in = {.tracks = tracks, .file = traj_input_name(from->data[0])};
    if (from->meta == NULL)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: what its numbers mean is declared in metadata (XML), and none were "
                         "found; name them with --meta FILE",
                         in.file);
    traj_status status = traj_epts_meta_read(from->meta, &tracks->facts, &in.epts, err);
    const bool shares = in.epts.unit != NULL && strcmp(in.epts.unit, "normalised") == 0;
    tracks->layout = (traj_layout){.name = "EPTS file",
                                   .unit = in.epts.unit,
                                   .origin = shares ? "top-left" : NULL,
                                   .period_clock = true};
    if (!in.epts.home_told)
        tracks->layout.home_why = "the metadata name no home team, so it is the one named first";
    if (tracks->facts.periods == 0) tracks->layout.periods_why = "one: the metadata name no halves";
    if (status == TRAJ_OK) status = read_lines(&in, from->data[0], err);
    traj_epts_free(&in.epts);
    traj_free(in.place);
    return status;
}
