/* Pedestrians as plain numbers: a line is one of them in a frame, blanks or tabs between its
 * numbers, no header.
 *
 *   ethucy  frame id x y [...]           ETH and UCY as Social GAN and its followers ship them
 *   obsmat  frame id x z y vx vz vy      the obsmat.txt of ETH itself; z is 0
 *
 * Metres on the ground, 2.5 frames a second whatever the step of the frame numbers, a line missing
 * where somebody is not seen. Sources: Pellegrini et al. 2009 (ETH), Lerner et al. 2007 (UCY),
 * Gupta et al. 2018 (the text files). */
#include "formats.h"
#include "lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FRAME, PERSON, ETH_X, ETH_Y, OBSMAT_Z = 3, OBSMAT_Y = 4, OBSMAT_COLUMNS = 8 };

/* Lines that tell the two formats apart. */
enum { LOOKED_AT = 20 };

typedef char token[64];

/* A line being read. */
typedef struct numbers {
    const char *at, *end; /* views: what is left of it */
    size_t count;         /* of those taken */
} numbers;

static bool is_gap(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word of the line, cut to fit; false at its end. */
static bool next_token(numbers *line, token text)
{
    while (line->at < line->end && is_gap(*line->at)) line->at++;
    size_t length = 0;
    while (line->at < line->end && !is_gap(*line->at)) {
        if (length + 1 < sizeof(token)) text[length++] = *line->at;
        line->at++;
    }
    text[length] = '\0';
    line->count += length > 0;
    return length > 0;
}

/* The line's first numbers into value[0..most); how many there are, 0 when one of them is none. */
static size_t scan(const char *text, size_t length, double *value, size_t most)
{
    numbers line = {text, text + length, 0};
    token word;
    double number;
    while (next_token(&line, word)) {
        if (traj_csv_number(word, &number) != 0) return 0;
        if (line.count <= most) value[line.count - 1] = number;
    }
    return line.count;
}

bool traj_obsmat_sniff(const char *bytes, size_t size)
{
    traj_lines lines;
    const char *text;
    size_t length;
    double value[OBSMAT_COLUMNS];
    traj_lines_init(&lines, bytes, size);
    int seen = 0;
    while (seen < LOOKED_AT && traj_lines_next(&lines, &text, &length)) {
        const size_t count = scan(text, length, value, OBSMAT_COLUMNS);
        if (seen > 0 && count == 0) break; /* the reader will say what is wrong with it */
        if (count != OBSMAT_COLUMNS || value[OBSMAT_Z] != 0.0) return false;
        if (!traj_is_whole(value[FRAME]) || !traj_is_whole(value[PERSON])) return false;
        seen++;
    }
    return seen > 0;
}

bool traj_ethucy_sniff(const char *bytes, size_t size)
{
    traj_lines lines;
    const char *text;
    size_t length;
    double value[ETH_Y + 1];
    traj_lines_init(&lines, bytes, size);
    return traj_lines_next(&lines, &text, &length) &&
           scan(text, length, value, ETH_Y + 1) > ETH_Y && traj_is_whole(value[FRAME]) &&
           traj_is_whole(value[PERSON]);
}

typedef struct reader {
    const char *file;    /* view */
    size_t y;            /* its column */
    size_t columns;      /* of the first line, 0 before it */
    traj_tracks *tracks; /* view */
    uint32_t sequence;
} reader;

/* The line's numbers, as many as a position needs; words beyond them are only counted. */
static traj_status read_numbers(reader *in, const char *text, size_t length, long line,
                                double *value, traj_error *err)
{
    static const char *const names[] = {"frame", "pedestrian", "x", "y"};
    numbers rest = {text, text + length, 0};
    token word;
    while (next_token(&rest, word)) {
        const size_t c = rest.count - 1;
        if (c > in->y) continue;
        const bool whole = c <= PERSON;
        const char *const name = c == in->y ? names[ETH_Y] : c > ETH_X ? "z" : names[c];
        if (traj_csv_number(word, &value[c]) != 0 || (whole && !traj_is_whole(value[c])))
            return traj_fail(err, TRAJ_E_DATA,
                             "%s:%ld: column %zu (%s): expected a %snumber, got '%s'; %s", in->file,
                             line, c + 1, name, whole ? "whole " : "", word,
                             whole ? "correct the line" : "leave the line out where it is missing");
    }
    if (in->columns == 0 && rest.count > in->y) in->columns = rest.count;
    if (rest.count == in->columns) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: expected %zu columns%s, got %zu; the line may be cut short", in->file,
                     line, in->columns > 0 ? in->columns : in->y + 1,
                     in->columns > 0 ? " as in the first line" : " or more", rest.count);
}

static traj_status pour(reader *in, const double *value, long line, traj_error *err)
{
    traj_track_text key;
    uint32_t row, agent;
    bool added;
    snprintf(key, sizeof key, "%" PRId64, (int64_t)value[PERSON]);
    traj_status status =
        traj_tracks_row(in->tracks, in->sequence, (int64_t)value[FRAME], &row, &added, err);
    if (status != TRAJ_OK) return status;
    if (added) in->tracks->row[row].line = (uint32_t)line;
    status = traj_tracks_agent(in->tracks, in->sequence, "", key, &agent, &added, err);
    if (status != TRAJ_OK) return status;
    return traj_tracks_sample(in->tracks, row, agent, value[ETH_X], value[in->y], err);
}

static traj_status read_line(void *context, char *text, size_t length, long line, traj_error *err)
{
    double value[OBSMAT_Y + 1];
    const traj_status status = read_numbers(context, text, length, line, value, err);
    return status == TRAJ_OK ? pour(context, value, line, err) : status;
}

static traj_status read_file(const traj_sources *from, const char *name, size_t y,
                             traj_tracks *tracks, traj_error *err)
{
    traj_input *const input = from->data[0];
    reader in = {.file = traj_input_name(input), .y = y, .tracks = tracks};
    bool added;
    tracks->layout = (traj_layout){.name = name, .unit = "metres", .rate = {5, 2}, .crowd = true};
    const traj_status status = traj_tracks_sequence(tracks, "1", &in.sequence, &added, err);
    return status == TRAJ_OK ? traj_input_lines(input, read_line, &in, err) : status;
}

traj_status traj_ethucy_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    return read_file(from, "ETH/UCY text", ETH_Y, tracks, err);
}

traj_status traj_obsmat_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    return read_file(from, "obsmat.txt", OBSMAT_Y, tracks, err);
}
