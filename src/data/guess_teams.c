/* Who plays for whom.
 *
 * With teams named in the file: the two names of a sequence are home and away, "home" and "away"
 * (attack and defense) meaning what they say. Else, where the ball is home's or away's, it shows by
 * who is at it (guess_home.c), and where it does not, home is the one that the file names first.
 *
 * Without: in the first frame with the most players, either the first half of the columns or the
 * half of the pitch tells the teams apart (providers list one team after the other, and a match
 * begins with each team in its own half). Those who come later replace the one who left: they join
 * the team that is short of a player when they appear. */
#include "guess.h"

#include "traj/base/memory.h"

#include "columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char flag[] = "--home NAME";

/* What a team's name says by itself. */
int traj_plain_side(const char *label)
{
    char plain[sizeof(traj_track_text)];
    traj_text_plain(plain, sizeof plain, label);
    if (traj_text_among(plain, "home hometeam local attack offense")) return TRAJ_TEAM_HOME;
    if (traj_text_among(plain, "away awayteam visitor visitors guest defense defence"))
        return TRAJ_TEAM_AWAY;
    return -1;
}

/* Whether --home means the team with this label, by the label or as the metadata call it. */
static bool names_home(const traj_reading *reading, const char *label)
{
    const char *home = reading->options->home;
    const int side = traj_plain_side(label);
    if (home[0] == '\0') return false;
    if (strcmp(home, label) == 0) return true;
    if (side < 0) return false;
    const traj_facts_team *team = &reading->tracks->facts.team[side];
    return strcmp(home, team->name) == 0 || strcmp(home, team->id) == 0;
}

/* A team as people call it: by its label, unless that is `home` or `away` and the metadata know
 * better. */
static const char *team_name(const traj_reading *reading, int label, const char *without)
{
    if (label < 0) return without;
    const char *text = reading->tracks->label[label];
    const int side = traj_plain_side(text);
    const char *name = side < 0 ? "" : reading->tracks->facts.team[side].name;
    return name[0] == '\0' ? text : name;
}

/* The one or two names that the players of a sequence have; returns how many there are, 3 for more
 * than two. */
static int sequence_labels(const traj_track_sequence *sequence, int label[2])
{
    int found = 0;
    for (size_t a = 0; a < sequence->agents; a++) {
        int l = sequence->agent[a].label;
        if (sequence->agent[a].ball || l < 0) continue;
        bool known = (found > 0 && l == label[0]) || (found > 1 && l == label[1]);
        if (known) continue;
        if (found == 2) return 3;
        label[found++] = l;
    }
    return found;
}

/* How the two teams are told apart. */
typedef struct naming {
    int label[2];        /* home first; -1: none */
    char reason[160];    /* why */
    bool doubt;          /* it may as well be the other way round */
    traj_home_vote vote; /* for these labels as the file first names them, */
    int voted[2];        /* or not yet, where both are 0 */
} naming;

static void give_reason(naming *teams, const char *reason)
{
    traj_text_copy(teams->reason, sizeof teams->reason, reason);
    teams->doubt = false;
}

/* Whether the labels, of which the lower one is named first, change places. */
static bool swap_by_ball(const traj_reading *reading, naming *teams)
{
    const bool in_order = teams->label[0] < teams->label[1];
    const int first[2] = {teams->label[!in_order], teams->label[in_order]};
    if (first[0] != teams->voted[0] || first[1] != teams->voted[1])
        teams->vote = traj_guess_home(reading, first);
    memcpy(teams->voted, first, sizeof first);
    const traj_home_vote *const vote = &teams->vote;
    const size_t most = vote->first > vote->frames - vote->first ? vote->first
                                                                 : vote->frames - vote->first;
    teams->doubt = vote->asked && vote->home < 0;
    if (vote->home >= 0)
        snprintf(teams->reason, sizeof teams->reason,
                 "so it is in %.0f %% of the %zu frames in which a player is at the ball and the "
                 "file says whether home has it",
                 100.0 * (double)most / (double)vote->frames, vote->frames);
    else if (vote->asked)
        snprintf(teams->reason, sizeof teams->reason,
                 "the file names it first; who is at the ball that home has does not show it (%zu "
                 "of %zu frames)",
                 vote->first, vote->frames);
    return (vote->home == 1) == in_order;
}

/* Orders the first `count` labels so that home comes first. */
static void order_labels(const traj_reading *reading, naming *teams, int count)
{
    const traj_tracks *tracks = reading->tracks;
    int *const label = teams->label;
    const char *first = tracks->label[label[0]], *second = count > 1 ? tracks->label[label[1]] : "";
    bool swap = false;
    give_reason(teams, "the file names it first");
    if (names_home(reading, first) || names_home(reading, second)) {
        swap = names_home(reading, second);
        give_reason(teams, "--home says so");
    } else if (traj_plain_side(first) >= 0 || traj_plain_side(second) >= 0) {
        swap = traj_plain_side(first) == TRAJ_TEAM_AWAY ||
               traj_plain_side(second) == TRAJ_TEAM_HOME;
        give_reason(teams, tracks->layout.home_why != NULL ? tracks->layout.home_why
                                                           : "so the file calls it");
    } else if (count > 1 && (strcmp(first, "1") == 0 || strcmp(second, "1") == 0)) {
        swap = strcmp(second, "1") == 0;
        give_reason(teams, "team 1 is home with most providers, team 0 or 2 away");
    } else if (count > 1) {
        swap = swap_by_ball(reading, teams);
    }
    if (count == 1) {
        label[1] = swap ? label[0] : -1;
        label[0] = swap ? -1 : label[0];
    } else if (swap) {
        int other = label[0];
        label[0] = label[1];
        label[1] = other;
    }
}

static traj_status assign_named(traj_reading *reading, size_t s, naming *teams, traj_error *err)
{
    const traj_track_sequence *tracks = &reading->tracks->sequence[s];
    traj_sequence *sequence = &reading->recording->sequence[s];
    int *const label = teams->label, count = sequence_labels(tracks, label);
    if (count > 2)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: sequence %s has players of more than two teams ('%s', '%s' and others); remove "
            "officials and other rows that are no players",
            reading->tracks->file, sequence->name, reading->tracks->label[label[0]],
            reading->tracks->label[label[1]]);
    if (count == 0) return TRAJ_OK;
    order_labels(reading, teams, count);
    for (size_t a = 0; a < sequence->agents; a++)
        if (!tracks->agent[a].ball && tracks->agent[a].label >= 0)
            sequence->agent[a].team = tracks->agent[a].label == label[1] ? TRAJ_TEAM_AWAY
                                                                         : TRAJ_TEAM_HOME;
    return TRAJ_OK;
}

static traj_status check_home(const traj_reading *reading, traj_error *err)
{
    const traj_tracks *tracks = reading->tracks;
    if (reading->options->home[0] == '\0') return TRAJ_OK;
    for (size_t l = 0; l < tracks->labels; l++)
        if (names_home(reading, tracks->label[l])) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s: --home %s: no such team; the file has '%s'%s%s%s",
                     tracks->file, reading->options->home, tracks->label[0],
                     tracks->labels > 1 ? " and '" : "", tracks->labels > 1 ? tracks->label[1] : "",
                     tracks->labels > 1 ? "'" : "");
}

/* Pedestrians: one team in name only, so that models see one kind of agent. */
static traj_status teams_of_crowd(traj_reading *reading, traj_error *err)
{
    traj_recording *recording = reading->recording;
    const traj_tracks *tracks = reading->tracks;
    if (reading->options->home[0] != '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s: --home %s: there are no teams in %s", tracks->file,
                         reading->options->home, tracks->layout.name);
    recording->crowd = true;
    traj_text_copy(recording->home_name, sizeof recording->home_name, TRAJ_CROWD_TEAM "s");
    traj_guess_add(reading->guesses, "teams", "a column `team` in a long CSV",
                   "none: pedestrians have none");
    return TRAJ_OK;
}

static traj_status teams_by_name(traj_reading *reading, traj_error *err)
{
    traj_recording *recording = reading->recording;
    naming teams = {.label = {-1, -1}};
    traj_status status = check_home(reading, err);
    for (size_t s = recording->sequences; s-- > 0 && status == TRAJ_OK;)
        status = assign_named(reading, s, &teams, err);
    if (status != TRAJ_OK) return status;
    const char *home = team_name(reading, teams.label[0], "home");
    const char *away = team_name(reading, teams.label[1], "away");
    traj_text_copy(recording->home_name, sizeof recording->home_name, home);
    traj_text_copy(recording->away_name, sizeof recording->away_name, away);
    if (teams.doubt) {
        traj_forget_owners(reading);
        traj_guess_doubt(reading->guesses, "teams", flag, "home is %s, away is %s: %s", home, away,
                         teams.reason);
    } else if (reading->options->home[0] == '\0') {
        traj_guess_add(reading->guesses, "teams", flag, "home is %s, away is %s: %s", home, away,
                       teams.reason);
    }
    return TRAJ_OK;
}

static bool is_present(const traj_sequence *sequence, size_t frame, size_t agent)
{
    return !isnan(sequence->pos_m[(frame * sequence->agents + agent) * 2]);
}

static size_t count_players(const traj_sequence *sequence, size_t frame)
{
    size_t count = 0;
    for (size_t a = 0; a < sequence->agents; a++)
        count += sequence->agent[a].kind != TRAJ_BALL && is_present(sequence, frame, a);
    return count;
}

static size_t fullest_frame(const traj_sequence *sequence, size_t frames)
{
    size_t best = 0, most = 0;
    for (size_t f = 0; f < frames; f++) {
        size_t count = count_players(sequence, f);
        if (count > most) {
            most = count;
            best = f;
        }
    }
    return best;
}

/* team[a] = -1 unknown, else a traj_team: by the order of columns or by the half of the pitch,
 * whichever the frame bears out. Returns the share of players for whom both agree, *by_columns
 * which of them was taken. */
static double split_players(const traj_sequence *sequence, size_t frame, int *team,
                            bool *by_columns)
{
    size_t players = count_players(sequence, frame), left = 0, rank = 0, agree = 0;
    for (size_t a = 0; a < sequence->agents; a++) {
        team[a] = -1;
        if (sequence->agent[a].kind == TRAJ_BALL || !is_present(sequence, frame, a)) continue;
        bool is_left = sequence->pos_m[(frame * sequence->agents + a) * 2] < 0.0f;
        left += is_left;
        agree += (rank++ < players / 2) == is_left;
    }
    bool mirrored = 2 * agree < players; /* the first columns stand on the right */
    double share = (double)(mirrored ? players - agree : agree) / (double)players;
    bool even = left + 1 >= players - left && left <= players - left + 1;
    *by_columns = share >= 0.7 || !even;
    rank = 0;
    for (size_t a = 0; a < sequence->agents; a++) {
        if (sequence->agent[a].kind == TRAJ_BALL || !is_present(sequence, frame, a)) continue;
        bool is_left = sequence->pos_m[(frame * sequence->agents + a) * 2] < 0.0f;
        bool home = *by_columns ? rank < players / 2 : is_left;
        team[a] = home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
        rank++;
    }
    return share;
}

/* Gives the players of one sequence that have no team yet the team that is short of players when
 * they appear. */
static void place_late_players(const traj_sequence *sequence, size_t frames, int *team)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        if (team[a] >= 0 || sequence->agent[a].kind == TRAJ_BALL) continue;
        size_t frame = 0, count[2] = {0, 0};
        while (frame + 1 < frames && !is_present(sequence, frame, a)) frame++;
        for (size_t b = 0; b < sequence->agents; b++)
            if (b != a && team[b] >= 0 && sequence->agent[b].kind != TRAJ_BALL &&
                is_present(sequence, frame, b))
                count[team[b]]++;
        team[a] = count[TRAJ_TEAM_AWAY] < count[TRAJ_TEAM_HOME] ? TRAJ_TEAM_AWAY : TRAJ_TEAM_HOME;
    }
}

/* The team that an id has in the sequences before s; -1: none. */
static int known_team(const traj_recording *recording, size_t s, const char *id)
{
    for (size_t q = s; q-- > 0;)
        for (size_t a = 0; a < recording->sequence[q].agents; a++)
            if (strcmp(recording->sequence[q].agent[a].id, id) == 0)
                return (int)recording->sequence[q].agent[a].team;
    return -1;
}

static void teams_of_sequence(traj_reading *reading, size_t s, int *team)
{
    traj_recording *recording = reading->recording;
    traj_sequence *sequence = &recording->sequence[s];
    bool by_columns, any_known = false;
    for (size_t a = 0; a < sequence->agents && s > 0; a++) {
        team[a] = known_team(recording, s, sequence->agent[a].id);
        any_known = any_known || (team[a] >= 0 && sequence->agent[a].kind != TRAJ_BALL);
    }
    size_t frames = traj_guess_frames(reading, s);
    size_t frame = fullest_frame(sequence, frames), players = count_players(sequence, frame);
    if (!any_known && players > 0) {
        double share = split_players(sequence, frame, team, &by_columns);
        traj_guess_add(reading->guesses, "teams",
                       "player names home_N_x and away_N_x in the header",
                       "%s are home: the file names no teams; in frame %lld, %.0f %% of %zu "
                       "players stand in the "
                       "half that the order of columns suggests",
                       by_columns ? "the first half of the columns" : "the players on the left",
                       (long long)sequence->frame_id[frame], 100.0 * share, players);
    }
    place_late_players(sequence, frames, team);
    for (size_t a = 0; a < sequence->agents; a++)
        if (sequence->agent[a].kind != TRAJ_BALL) sequence->agent[a].team = (traj_team)team[a];
}

static traj_status teams_unnamed(traj_reading *reading, traj_error *err)
{
    traj_recording *recording = reading->recording;
    if (reading->options->home[0] != '\0')
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: --home %s: the file names no teams; name them in the header (home_1_x, "
            "away_1_x, ...) or in a column `team`",
            reading->tracks->file, reading->options->home);
    const traj_facts_team *known = reading->tracks->facts.team; /* where only the ball is seen */
    const char *home = known[TRAJ_TEAM_HOME].name, *away = known[TRAJ_TEAM_AWAY].name;
    traj_text_copy(recording->home_name, sizeof recording->home_name, *home ? home : "home");
    traj_text_copy(recording->away_name, sizeof recording->away_name, *away ? away : "away");
    for (size_t s = 0; s < recording->sequences; s++) {
        int *team = traj_alloc(recording->sequence[s].agents, sizeof *team);
        if (team == NULL) return traj_fail_memory(err, "the teams of the players");
        teams_of_sequence(reading, s, team);
        traj_free(team);
    }
    return TRAJ_OK;
}

static int team_of_label(const traj_reading *reading, size_t s, const char *label)
{
    const traj_tracks *tracks = reading->tracks;
    const traj_track_sequence *sequence = &tracks->sequence[s];
    for (size_t a = 0; a < sequence->agents; a++)
        if (sequence->agent[a].label >= 0 &&
            strcmp(tracks->label[sequence->agent[a].label], label) == 0)
            return (int)reading->recording->sequence[s].agent[a].team;
    return -1;
}

int traj_guess_team(const traj_reading *reading, size_t s, const char *name)
{
    static const char *const sides[] = {[TRAJ_TEAM_HOME] = "home", [TRAJ_TEAM_AWAY] = "away"};
    const traj_facts_team *team = reading->tracks->facts.team;
    int found = team_of_label(reading, s, name), side = traj_plain_side(name);
    for (int t = 0; t < 2 && side < 0; t++)
        if (name[0] != '\0' && (strcmp(name, team[t].id) == 0 || strcmp(name, team[t].name) == 0))
            side = t;
    if (found < 0 && side >= 0) found = team_of_label(reading, s, sides[side]);
    return found >= 0 ? found : side;
}

traj_status traj_guess_teams(traj_reading *reading, traj_error *err)
{
    const traj_tracks *tracks = reading->tracks;
    if (tracks->layout.crowd) return teams_of_crowd(reading, err);
    for (size_t s = 0; s < tracks->sequences; s++)
        for (size_t a = 0; a < tracks->sequence[s].agents; a++)
            if (!tracks->sequence[s].agent[a].ball && tracks->sequence[s].agent[a].label >= 0)
                return teams_by_name(reading, err);
    return teams_unnamed(reading, err);
}
