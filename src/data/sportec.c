/* Sportec Solutions, who track the Bundesliga: positions of the DFL (feed 04.03), with the match
 * information (02.01) in a file of its own.
 *
 *   <PutDataRequest><Positions>
 *     <MetaData Type="pitch-size"><PitchSize X="105.00" Y="68.00"/></MetaData>
 *     <FrameSet GameSection="firstHalf" TeamId="DFL-CLU-000004" PersonId="DFL-OBJ-002G3I">
 *       <Frame N="10000" T="2020-06-05T20:29:57.840+02:00" X="0.35" Y="-25.26" .../>
 *
 * A match is hundreds of megabytes, one player's half after the other, in no fixed order: it is
 * read element by element. The ball has the team BALL, referees one that is in no roster; both
 * teams are told apart by the match information. The ball's frames say BallStatus, 1 being alive,
 * and BallPossession, 1 being home, so that without match information who is at the ball shows who
 * is home (guess_home.c). Speeds (km/h) and distances (cm) are left alone. */
#include "sportec.h"
#include "clock.h"
#include "formats.h"
#include "lines.h"

#include "traj/io/csv.h"
#include "traj/io/xml.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define USUAL_HZ 25

typedef struct sportec {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    bool teams_told;
    bool players;                 /* some of a team that is playing were there */
    bool pours;                   /* the set of frames being read is of a player or the ball: */
    int period;                   /* its half, */
    traj_track_text team, person; /* whose it is, */
    uint32_t sequence, agent;     /* the same, from its first frame on, */
    uint32_t row;                 /* and its last frame; TRAJ_INDEX_NONE: it had none yet */
} sportec;

static traj_status fail_at(traj_error *err, const traj_xml_element *at, const char *key,
                           const char *expected)
{
    const char *const text = traj_xml_attribute(at, key);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: column %ld: expected %s as %s of <%s>, got %s%.40s%s; correct or "
                     "remove it",
                     at->file, at->line, at->column, expected, key, at->name,
                     text != NULL ? "'" : "", text != NULL ? text : "nothing",
                     text != NULL ? "'" : "");
}

/* NaN where the attribute is absent or empty. */
static traj_status read_number(const traj_xml_element *at, const char *key, double *number,
                               traj_error *err)
{
    const char *const text = traj_xml_attribute(at, key);
    *number = NAN;
    if (text == NULL || traj_csv_number(text, number) == 0) return TRAJ_OK;
    return fail_at(err, at, key, "a number");
}

/* ---- whose frames ---- */

static traj_status read_period(sportec *in, const traj_xml_element *set, traj_error *err)
{
    static const char *const sections[] = {"firstHalf", "secondHalf", "firstHalfExtra",
                                           "secondHalfExtra"};
    const char *const text = traj_xml_attribute(set, "GameSection");
    for (int s = 0; text != NULL && s < 4; s++) {
        if (strcmp(text, sections[s]) != 0) continue;
        in->period = s + 1;
        return TRAJ_OK;
    }
    return fail_at(err, set, "GameSection",
                   "firstHalf, secondHalf, firstHalfExtra or secondHalfExtra");
}

/* Without match information only referees are known not to play. */
static bool plays(const sportec *in, const char *team)
{
    const traj_facts *const facts = &in->tracks->facts;
    if (!in->teams_told) return strcmp(team, "referee") != 0;
    return strcmp(team, facts->team[TRAJ_TEAM_HOME].id) == 0 ||
           strcmp(team, facts->team[TRAJ_TEAM_AWAY].id) == 0;
}

static traj_status begin_set(sportec *in, const traj_xml_element *set, traj_error *err)
{
    const char *const team = traj_xml_attribute(set, "TeamId");
    const char *const person = traj_xml_attribute(set, "PersonId");
    in->row = TRAJ_INDEX_NONE;
    if (team == NULL || team[0] == '\0') return fail_at(err, set, "TeamId", "a team, or BALL");
    const bool ball = strcmp(team, "BALL") == 0;
    in->pours = ball || plays(in, team);
    if (!in->pours) return TRAJ_OK;
    if (!ball && (person == NULL || person[0] == '\0'))
        return fail_at(err, set, "PersonId", "a player");
    in->players = in->players || !ball;
    traj_text_copy(in->team, sizeof in->team, team);
    traj_text_copy(in->person, sizeof in->person, ball ? "" : person);
    return read_period(in, set, err);
}

static traj_status find_player(sportec *in, traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    const traj_facts_player *const known = traj_facts_player_by_id(facts, in->person);
    bool added;
    if (!in->teams_told)
        return traj_tracks_agent(in->tracks, in->sequence, in->team, in->person, &in->agent, &added,
                                 err);
    traj_facts_player player = {.jersey = -1};
    if (known != NULL) player = *known;
    traj_text_copy(player.id, sizeof player.id, in->person);
    player.team = strcmp(in->team, facts->team[TRAJ_TEAM_HOME].id) == 0 ? TRAJ_TEAM_HOME
                                                                        : TRAJ_TEAM_AWAY;
    return traj_tracks_player(in->tracks, in->sequence, &player, &in->agent, err);
}

/* At the first frame of a set: there are sets without any, which are no half and nobody. */
static traj_status find_agent(sportec *in, traj_error *err)
{
    static const char *const names[] = {"1", "2", "3", "4"};
    bool added;
    const traj_status status =
        traj_tracks_sequence(in->tracks, names[in->period - 1], &in->sequence, &added, err);
    if (status != TRAJ_OK) return status;
    in->tracks->sequence[in->sequence].period_id = in->period;
    return in->person[0] == '\0' ? traj_tracks_ball(in->tracks, in->sequence, &in->agent, err)
                                 : find_player(in, err);
}

/* ---- frames ---- */

static traj_status read_time(sportec *in, const traj_xml_element *frame, traj_error *err)
{
    const char *const text = traj_xml_attribute(frame, "T");
    bool wall;
    if (text == NULL || text[0] == '\0') return TRAJ_OK;
    if (traj_clock_parse(text, &in->tracks->row[in->row].time_s, &wall) != 0)
        return fail_at(err, frame, "T", "a date and time");
    in->tracks->wall_clock = in->tracks->wall_clock || wall;
    return TRAJ_OK;
}

/* Every object has nearly the same frames: mostly it is the row after the last. */
static traj_status find_row(sportec *in, const traj_xml_element *frame, int64_t number,
                            traj_error *err)
{
    traj_tracks *const tracks = in->tracks;
    const size_t next = (size_t)in->row + 1;
    bool added;
    if (in->row != TRAJ_INDEX_NONE && next < tracks->rows &&
        tracks->row[next].sequence == in->sequence && tracks->row[next].frame_id == number) {
        in->row = (uint32_t)next;
        return TRAJ_OK;
    }
    const traj_status status = traj_tracks_row(tracks, in->sequence, number, &in->row, &added, err);
    if (status != TRAJ_OK || !added) return status;
    tracks->row[in->row].line = (uint32_t)frame->line;
    return read_time(in, frame, err);
}

static void read_play(sportec *in, const traj_xml_element *frame)
{
    const char *const state = traj_xml_attribute(frame, "BallStatus");
    const char *const owner = traj_xml_attribute(frame, "BallPossession");
    const bool home = owner != NULL && strcmp(owner, "1") == 0;
    const bool away = owner != NULL && strcmp(owner, "2") == 0;
    traj_tracks_play(in->tracks, in->row, traj_ball_state_of(state != NULL ? state : ""),
                     home   ? "home"
                     : away ? "away"
                            : "");
}

static traj_status read_frame(sportec *in, const traj_xml_element *frame, traj_error *err)
{
    const char *const text = traj_xml_attribute(frame, "N");
    int64_t number;
    double x, y;
    if (text == NULL || !traj_text_whole(text, TRAJ_LARGEST_FRAME, &number))
        return fail_at(err, frame, "N", "a whole number");
    traj_status status = read_number(frame, "X", &x, err);
    if (status == TRAJ_OK) status = read_number(frame, "Y", &y, err);
    if (status == TRAJ_OK && in->row == TRAJ_INDEX_NONE) status = find_agent(in, err);
    if (status == TRAJ_OK) status = find_row(in, frame, number, err);
    if (status != TRAJ_OK) return status;
    if (in->person[0] == '\0') read_play(in, frame);
    return traj_tracks_sample(in->tracks, in->row, in->agent, x, y, err);
}

static traj_status read_pitch(sportec *in, const traj_xml_element *pitch, traj_error *err)
{
    traj_facts *const facts = &in->tracks->facts;
    double x, y;
    traj_status status = read_number(pitch, "X", &x, err);
    if (status == TRAJ_OK) status = read_number(pitch, "Y", &y, err);
    if (status != TRAJ_OK || facts->length_m > 0.0 || !(x > 0.0) || !(y > 0.0)) return status;
    facts->length_m = x;
    facts->width_m = y;
    if (facts->file == NULL) facts->file = in->file;
    return TRAJ_OK;
}

/* ---- the format ---- */

static traj_status begin(void *context, const traj_xml_element *element, traj_error *err)
{
    sportec *const in = context;
    if (strcmp(element->name, "Frame") == 0)
        return in->pours ? read_frame(in, element, err) : TRAJ_OK;
    if (strcmp(element->name, "FrameSet") == 0) return begin_set(in, element, err);
    if (strcmp(element->name, "PitchSize") == 0) return read_pitch(in, element, err);
    return TRAJ_OK;
}

static traj_status end(void *context, const traj_xml_element *element, traj_error *err)
{
    sportec *const in = context;
    (void)err;
    if (strcmp(element->name, "FrameSet") == 0) in->pours = false;
    return TRAJ_OK;
}

bool traj_sportec_sniff(const char *bytes, size_t size)
{
    return traj_text_holds(bytes, size, "<PutDataRequest") &&
           traj_text_holds(bytes, size, "<FrameSet");
}

traj_status traj_sportec_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_input *const input = from->data[0];
    sportec in = {
        .tracks = tracks, .file = traj_input_name(input), .teams_told = from->meta != NULL};
    tracks->layout = (traj_layout){
        .name = "Sportec file", .unit = "metres", .origin = "centre", .rate = {USUAL_HZ, 1}};
    traj_status status = TRAJ_OK;
    if (from->meta != NULL) status = traj_sportec_meta_read(from->meta, &tracks->facts, err);
    if (status == TRAJ_OK) status = traj_xml_read(input, begin, end, &in, err);
    if (status != TRAJ_OK || in.players || !in.teams_told) return status;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: nobody in it plays for %s or %s, the teams of %s; name the match "
                     "information of this match with --meta FILE, or read without: --meta none",
                     in.file, tracks->facts.team[TRAJ_TEAM_HOME].id,
                     tracks->facts.team[TRAJ_TEAM_AWAY].id, tracks->facts.file);
}
