/* traj info for people: first what there is, then who, then how they move, then how it was read. */
#include "info_match.h"
#include "traj/cli/error.h"
#include "wrap.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A collection of plays has thousands of sequences and hundreds of players: a few show what they
 * are. */
enum { LABEL = 14, SEQUENCES_SHOWN = 8, SQUAD = 40, FEW = 5 };

const char *traj_info_role(const traj_agent *agent)
{
    if (agent->kind == TRAJ_BALL) return "ball";
    if (agent->kind == TRAJ_HOME_GK || agent->kind == TRAJ_AWAY_GK) return "goalkeeper";
    return agent->role[0] != '\0' ? agent->role : "player";
}

double traj_info_missing(const traj_report_agent *agent)
{
    return agent->frames ? (double)agent->missing / (double)agent->frames : 0;
}

int traj_info_doubts(const traj_guesses *guesses)
{
    int doubts = 0;
    for (int i = 0; i < guesses->count; i++) doubts += guesses->item[i].doubt;
    return doubts;
}

static double percent(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0.0;
}

/* A line, broken where it is too long: "  label       text". */
static void say(const char *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const char *label, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    traj_wrap wrap = traj_wrap_start(stdout, LABEL, 0);
    wrap.column = printf("  %-11s ", label);
    traj_wrap_text(&wrap, text);
    traj_wrap_end(&wrap);
}

static size_t all_frames(const traj_recording *recording)
{
    size_t frames = 0;
    for (size_t s = 0; s < recording->sequences; s++) frames += recording->sequence[s].frames;
    return frames;
}

static void print_facts(const info_match *match)
{
    const traj_recording *recording = &match->recording;
    const traj_quality *quality = &match->quality;
    char rate[TRAJ_RATE_TEXT];
    printf("%s\n", recording->source);
    say("format", "%s", recording->format);
    say("rate", "%s", traj_rate_text(recording->source_rate, rate));
    if (recording->crowd || quality->positions == 0) /* a crowd's was drawn around it */
        say("pitch", "%g x %g m", recording->pitch_length_m, recording->pitch_width_m);
    else
        say("pitch", "%g x %g m; %.1f %% of the players' positions lie on it",
            recording->pitch_length_m, recording->pitch_width_m,
            percent(quality->on_pitch, quality->positions));
    if (recording->quantum_m > 0)
        say("resolution", "%.3g m", recording->quantum_m);
    else
        say("resolution", "none found");
}

/* ---- when ---- */

static void print_sequences(const traj_recording *recording)
{
    say("sequences", "%zu, %zu frames in all", recording->sequences, all_frames(recording));
    for (size_t s = 0; s < recording->sequences && s < SEQUENCES_SHOWN; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        const size_t last = sequence->frames - 1;
        const long long tenths = llround(10.0 * (sequence->time_s[last] - sequence->time_s[0]));
        printf("    %-16s %7zu frames, ids %" PRId64 " to %" PRId64 ", %lld:%02lld.%lld min\n",
               sequence->name, sequence->frames, sequence->frame_id[0], sequence->frame_id[last],
               tenths / 600, tenths / 10 % 60, tenths % 10);
    }
    if (recording->sequences > SEQUENCES_SHOWN)
        printf("    and %zu more\n", recording->sequences - SEQUENCES_SHOWN);
}

/* ---- which way ---- */

/* "left, turned: 98 % of the frames say so, and so do the metadata" */
static void describe_direction(const traj_direction *direction, char *text, size_t size)
{
    const char *way = direction->home_attacks > 0 ? "right" : "left";
    const char *done = direction->turned ? "turned" : "kept";
    char why[96];
    switch (direction->by) {
    case TRAJ_SIDE_BY_OPTION:
        snprintf(why, sizeof why, "--home-attacks says so");
        break;
    case TRAJ_SIDE_BY_VOTE:
        snprintf(why, sizeof why, "%.0f %% of the frames say so%s", 100.0 * direction->share,
                 direction->told == 0                         ? ""
                 : direction->told == direction->home_attacks ? ", and so do the metadata"
                                                              : ", but not the metadata");
        break;
    case TRAJ_SIDE_BY_METADATA:
        snprintf(why, sizeof why, "the metadata say so, the frames do not agree");
        break;
    case TRAJ_SIDE_BY_FILE:
        snprintf(text, size, "%s, as the direction of play in every row says", done);
        return;
    default:
        snprintf(text, size, "not known, %s", done);
        return;
    }
    snprintf(text, size, "%s in the file, %s: %s", way, done, why);
}

static void print_directions(const traj_recording *recording)
{
    size_t turned = 0, unknown = 0;
    if (recording->crowd) return;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_direction *direction = &recording->sequence[s].direction;
        turned += direction->turned;
        unknown += direction->by == TRAJ_SIDE_BY_NOTHING;
    }
    const char *now = recording->home_right ? "home attacks right" : "as in the file";
    if (recording->sequences > SEQUENCES_SHOWN) {
        say("direction", "%s; %zu sequences turned, %zu kept, %zu of them undecided", now, turned,
            recording->sequences - turned, unknown);
        return;
    }
    say("direction", "%s", now);
    for (size_t s = 0; s < recording->sequences; s++) {
        char text[192];
        describe_direction(&recording->sequence[s].direction, text, sizeof text);
        traj_wrap wrap = traj_wrap_start(stdout, 21, 0);
        wrap.column = printf("    %-16s ", recording->sequence[s].name);
        traj_wrap_text(&wrap, text);
        traj_wrap_end(&wrap);
    }
}

/* ---- who ---- */

/* "throughout", "1848508 to 1976302", "in 12 sequences" */
static void describe_presence(const traj_recording *recording, const traj_report_agent *agent,
                              char *text, size_t size)
{
    if (agent->frames == all_frames(recording))
        snprintf(text, size, "throughout");
    else if (recording->sequences > SEQUENCES_SHOWN)
        snprintf(text, size, "in %zu sequence%s", agent->sequences,
                 agent->sequences == 1 ? "" : "s");
    else
        snprintf(text, size, "%" PRId64 " to %" PRId64, agent->agent.first_frame,
                 agent->agent.last_frame);
}

static void print_agent(const info_match *match, const traj_report_agent *agent)
{
    char jersey[16] = "", presence[64];
    if (agent->agent.jersey >= 0) snprintf(jersey, sizeof jersey, "%d", agent->agent.jersey);
    describe_presence(&match->recording, agent, presence, sizeof presence);
    printf("    %-16s %3s  %-16s %-20s missing %5.1f %%", agent->agent.id, jersey,
           match->recording.crowd ? "" : traj_info_role(&agent->agent), presence,
           100.0 * traj_info_missing(agent));
    if (match->quality.judged)
        printf(", estimated %5.1f %%", percent(agent->estimated, agent->frames - agent->missing));
    putchar('\n');
}

static void print_team(const info_match *match, traj_team team, const char *name)
{
    static const char *const labels[] = {"home", "away", "ball"};
    const traj_recording_report *report = &match->report;
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < report->agents; i++) count += report->agent[i].agent.team == team;
    if (match->recording.crowd && count == 0) return;
    const size_t limit = count > SQUAD ? FEW : count;
    if (match->recording.crowd)
        say("people", "%zu", count);
    else
        say(labels[team], "%s, %zu player%s", name, count, count == 1 ? "" : "s");
    for (size_t i = 0; i < report->agents && shown < limit; i++) {
        if (report->agent[i].agent.team != team) continue;
        print_agent(match, &report->agent[i]);
        shown++;
    }
    if (count > shown) printf("    and %zu more\n", count - shown);
}

static void print_counts(const info_match *match)
{
    const traj_quality *quality = &match->quality;
    if (match->recording.crowd)
        say("at a time", "%zu, at most %zu", quality->median_players[0], quality->most_players[0]);
    else
        say("at a time", "%zu and %zu players, at most %zu and %zu", quality->median_players[0],
            quality->median_players[1], quality->most_players[0], quality->most_players[1]);
}

/* ---- the ball ---- */

static void print_ball(const info_match *match)
{
    const traj_quality *quality = &match->quality;
    char text[256];
    if (quality->balls == 0) {
        say("ball", "none");
        return;
    }
    int used = snprintf(text, sizeof text, "missing in %.1f %% of the frames",
                        100.0 - percent(quality->balls, quality->frames));
    if (quality->alive + quality->dead)
        used += snprintf(
            text + used, sizeof text - (size_t)used, "; alive in %.1f %%, dead in %.1f %%",
            percent(quality->alive, quality->frames), percent(quality->dead, quality->frames));
    if (quality->home_owns + quality->away_owns)
        snprintf(text + used, sizeof text - (size_t)used, "; home's in %.1f %%, away's in %.1f %%",
                 percent(quality->home_owns, quality->frames),
                 percent(quality->away_owns, quality->frames));
    say("ball", "%s", text);
}

/* ---- how ---- */

static void print_speed(const char *who, const traj_speeds *speeds)
{
    if (speeds->steps)
        say("speed", "%s: median %.1f m/s, 99 %% below %.1f, top %.1f", who, speeds->median_mps,
            speeds->high_mps, speeds->max_mps);
}

/* option: what takes steps faster than limit_mps out. */
static void print_jumps(const char *who, const traj_speeds *speeds, double limit_mps,
                        const char *option)
{
    if (speeds->fast)
        say("jumps", "%s: %zu step%s above %g m/s (%s %g)", who, speeds->fast,
            speeds->fast == 1 ? "" : "s", limit_mps, option, limit_mps);
}

void traj_info_print(const info_match *match)
{
    const traj_recording *recording = &match->recording;
    const traj_quality *quality = &match->quality;
    const int doubts = traj_info_doubts(&match->guesses);
    print_facts(match);
    print_sequences(recording);
    print_directions(recording);
    print_team(match, TRAJ_TEAM_HOME, recording->home_name);
    print_team(match, TRAJ_TEAM_AWAY, recording->away_name);
    print_counts(match);
    print_ball(match);
    if (quality->judged)
        say("seen", "%.1f %% of the positions by the tracker, the others are estimated",
            100.0 - percent(quality->estimated, quality->judged));
    print_speed("players", &quality->players);
    print_speed("ball", &quality->ball);
    print_jumps("players", &quality->players, TRAJ_FAST_MPS, "--max-jump");
    print_jumps("ball", &quality->ball, TRAJ_FAST_BALL_MPS, "--max-ball-jump");
    if (traj_clean_is_asked(&match->asked))
        say("cleaning", "%s", traj_cleaning_describe(&match->asked, &match->clean).line);
    if (doubts == 0)
        say("doubts", "none");
    else
        say("doubts", "%d, at the end", doubts);
    putchar('\n');
    traj_guesses_print(stdout, &match->guesses);
}
