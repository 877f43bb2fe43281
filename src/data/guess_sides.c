/* Which way each team plays: a team stands between the ball and its own goal, so its mean x lies
 * nearer to that goal than the opponents'. Frames vote; the metadata decide where the votes do
 * not. */
#include "guess.h"

#include <math.h>
#include <string.h>

#define SURE          0.6 /* share of votes that decides a sequence */
#define FEW_SEQUENCES 6   /* up to here each sequence is reported on its own */

/* What one frame shows of the two teams. */
typedef struct line_up {
    double sum[2];
    size_t count[2];
    double lowest, highest;        /* x of the outermost players, */
    int lowest_team, highest_team; /* and their teams */
} line_up;

/* Nobody can foresee who is the outermost: no branch hangs on it. */
static void look_at(const traj_sequence *sequence, size_t frame, line_up *seen)
{
    *seen = (line_up){.lowest = INFINITY, .highest = -INFINITY};
    const float *pos = sequence->pos_m + frame * sequence->agents * 2;
    for (size_t a = 0; a < sequence->agents; a++, pos += 2) {
        const double x = pos[0];
        const int team = (int)sequence->agent[a].team;
        if (team == TRAJ_TEAM_BALL || isnan(x)) continue;
        const bool lower = x<seen->lowest, higher = x> seen->highest;
        seen->sum[team] += x;
        seen->count[team]++;
        seen->lowest = lower ? x : seen->lowest;
        seen->lowest_team = lower ? team : seen->lowest_team;
        seen->highest = higher ? x : seen->highest;
        seen->highest_team = higher ? team : seen->highest_team;
    }
}

/* 1: home attacks right in this frame, -1: left, 0: cannot be told. The outermost players are the
 * goalkeepers, if they are of different teams; otherwise the mean of the teams counts. */
static int frame_vote(const traj_sequence *sequence, size_t frame)
{
    line_up seen;
    look_at(sequence, frame, &seen);
    if (seen.count[TRAJ_TEAM_HOME] == 0 || seen.count[TRAJ_TEAM_AWAY] == 0) return 0;
    if (seen.lowest_team != seen.highest_team) return seen.lowest_team == TRAJ_TEAM_HOME ? 1 : -1;
    double home = seen.sum[TRAJ_TEAM_HOME] / (double)seen.count[TRAJ_TEAM_HOME];
    double away = seen.sum[TRAJ_TEAM_AWAY] / (double)seen.count[TRAJ_TEAM_AWAY];
    return (home < away) - (home > away);
}

int traj_sequence_vote(const traj_sequence *sequence, size_t frames, double *share)
{
    const size_t stride = traj_guess_stride(frames, TRAJ_ENOUGH_FRAMES);
    size_t right = 0, left = 0;
    for (size_t f = 0; f < frames; f += stride) {
        traj_guess_fetch(sequence, f, stride);
        const int vote = frame_vote(sequence, f);
        right += vote > 0;
        left += vote < 0;
    }
    *share = right + left == 0 ? 0.0
                               : (double)(right > left ? right : left) / (double)(right + left);
    if (*share < SURE) return 0;
    return right > left ? 1 : -1;
}

/* --home-attacks "right" or one word a period, "right,left". 0: the option says nothing about this
 * period. */
static traj_status told_side(const char *sides, int period_id, int *side, traj_error *err)
{
    const char *word = sides;
    *side = 0;
    for (int period = 1; word[0] != '\0'; period++) {
        size_t length = strcspn(word, ",");
        bool right = length == 5 && strncmp(word, "right", 5) == 0;
        if (!right && !(length == 4 && strncmp(word, "left", 4) == 0))
            return traj_fail(
                err, TRAJ_E_USAGE,
                "--home-attacks %s: expected right or left, or one of them for each period, "
                "as in right,left",
                sides);
        bool only_word = word == sides && word[length] == '\0';
        if (period == period_id || only_word) *side = right ? 1 : -1;
        word += length + (word[length] == ',');
    }
    return TRAJ_OK;
}

/* What the file says of the sequence, or the metadata of its period; --home may have swapped the
 * teams since. */
static int hinted_side(const traj_reading *reading, size_t s)
{
    const traj_tracks *tracks = reading->tracks;
    const int left = tracks->sequence[s].left;
    if (left > 0) {
        const int team = traj_guess_team(reading, s, tracks->label[left - 1]);
        return (team == TRAJ_TEAM_HOME) - (team == TRAJ_TEAM_AWAY);
    }
    const traj_facts_period *period =
        traj_facts_period_get(&reading->tracks->facts, reading->recording->sequence[s].period_id);
    if (period == NULL) return 0;
    return traj_guess_team(reading, s, "home") == TRAJ_TEAM_AWAY ? -period->home_attacks
                                                                 : period->home_attacks;
}

/* Writes down what decided: the votes, and whether the metadata agree; else the metadata alone. */
static void tell_side(traj_reading *reading, size_t s)
{
    const traj_sequence *sequence = &reading->recording->sequence[s];
    const char *name = sequence->name;
    const int side = sequence->direction.home_attacks, hint = sequence->direction.told;
    const char *done = side < 0 ? "turned by 180 degrees" : "kept as it is";
    if (side == 0)
        traj_guess_add(reading->guesses, "orientation", "--home-attacks right|left",
                       "sequence %s kept as it is: the frames do not agree which way home attacks",
                       name);
    else if (sequence->direction.by == TRAJ_SIDE_BY_METADATA)
        traj_guess_add(reading->guesses, "orientation", "--home-attacks right|left[,...]",
                       "sequence %s %s: home attacks %s, so %s says; the frames do not agree", name,
                       done, side < 0 ? "left" : "right", reading->tracks->facts.file);
    else
        traj_guess_add(
            reading->guesses, "orientation", "--home-attacks right|left[,...]",
            "sequence %s %s: home stands on the %s in %.0f %% of the frames, so it attacks %s%s",
            name, done, side < 0 ? "right" : "left", 100.0 * sequence->direction.share,
            side < 0 ? "left" : "right",
            hint == 0      ? ""
            : hint == side ? "; so the metadata say, too"
                           : ", though the metadata say otherwise");
}

/* The option decides, else the votes, else the metadata. */
static traj_status find_direction(const traj_reading *reading, size_t s, traj_direction *found,
                                  traj_error *err)
{
    const traj_sequence *sequence = &reading->recording->sequence[s];
    double share;
    int side;
    const traj_status status = told_side(reading->options->sides, sequence->period_id, &side, err);
    const int voted = traj_sequence_vote(sequence, traj_guess_frames(reading, s), &share);
    *found = (traj_direction){.told = hinted_side(reading, s), .share = NAN};
    if (side != 0) {
        found->home_attacks = side;
        found->by = TRAJ_SIDE_BY_OPTION;
    } else if (voted != 0) {
        found->home_attacks = voted;
        found->by = TRAJ_SIDE_BY_VOTE;
        found->share = share;
    } else if (found->told != 0) {
        found->home_attacks = found->told;
        found->by = TRAJ_SIDE_BY_METADATA;
    }
    return status;
}

static void turn(traj_sequence *sequence)
{
    traj_sequence_turn(sequence);
    sequence->direction.turned = true;
}

static traj_status find_directions(traj_reading *reading, traj_error *err)
{
    traj_recording *recording = reading->recording;
    traj_status status = TRAJ_OK;
    for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++)
        status = find_direction(reading, s, &recording->sequence[s].direction, err);
    return status;
}

static void turn_all(traj_reading *reading)
{
    traj_recording *recording = reading->recording;
    size_t turned = 0, unclear = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        if (sequence->direction.home_attacks < 0) turn(sequence);
        turned += sequence->direction.turned;
        unclear += sequence->direction.home_attacks == 0;
        if (sequence->direction.by != TRAJ_SIDE_BY_OPTION && recording->sequences <= FEW_SEQUENCES)
            tell_side(reading, s);
    }
    if (recording->sequences > FEW_SEQUENCES)
        traj_guess_add(
            reading->guesses, "orientation", "--orient keep",
            "turned %zu of %zu sequences by 180 degrees so that home attacks right, kept %zu; "
            "unclear, and kept: %zu",
            turned, recording->sequences, recording->sequences - turned - unclear, unclear);
    recording->home_right = unclear == 0;
}

/* In sports where sides mean attack and defence, the file's own direction of play decides, if it
 * has one. */
static void orient_by_play(traj_reading *reading)
{
    traj_recording *recording = reading->recording;
    size_t told = 0, turned = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const int direction = reading->tracks->sequence[s].direction;
        told += direction != 0;
        turned += direction < 0;
        if (direction != 0) recording->sequence[s].direction.by = TRAJ_SIDE_BY_FILE;
        if (direction < 0) turn(&recording->sequence[s]);
    }
    if (told > 0)
        traj_guess_add(
            reading->guesses, "orientation", "--orient keep",
            "play goes right: %zu of %zu plays turned by 180 degrees, as playDirection says",
            turned, recording->sequences);
    else
        traj_guess_add(
            reading->guesses, "orientation", "--home-attacks right|left",
            "kept as it is: no direction of play in the file, and in %s home and away take "
            "turns to attack",
            reading->tracks->layout.name);
}

traj_status traj_guess_sides(traj_reading *reading, traj_error *err)
{
    const char *orient = reading->options->orient;
    if (orient[0] != '\0' && strcmp(orient, "keep") != 0 && strcmp(orient, "home-right") != 0)
        return traj_fail(err, TRAJ_E_USAGE, "--orient %s: expected home-right or keep", orient);
    const traj_layout *layout = &reading->tracks->layout;
    const bool keep = strcmp(orient, "keep") == 0, told = reading->options->sides[0] != '\0';
    if (told || !(layout->crowd || layout->no_direction)) {
        const traj_status status = find_directions(reading, err);
        if (status == TRAJ_OK && !keep) turn_all(reading);
        return status;
    }
    if (!keep && layout->crowd)
        traj_guess_add(reading->guesses, "orientation", "--home-attacks right|left",
                       "kept as it is: pedestrians attack no goal");
    else if (!keep)
        orient_by_play(reading);
    return TRAJ_OK;
}
