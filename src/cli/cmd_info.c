/* traj info: what the reader makes of files, as text or JSON. */
#include "cleaning.h"
#include "matches.h"
#include "recording_report.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/error.h"
#include "traj/io/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* One match as it was read. */
typedef struct info_match {
    traj_recording recording;
    traj_guesses guesses;
    traj_clean_options asked; /* --max-jump and its like */
    traj_clean_counts clean;
    traj_recording_report report;
} info_match;

static double missing_share(const traj_report_agent *agent)
{
    return agent->frames ? (double)agent->missing / (double)agent->frames : 0;
}

static const char *kind_name(traj_kind kind)
{
    return kind == TRAJ_HOME_GK || kind == TRAJ_AWAY_GK ? "goalkeeper"
           : kind == TRAJ_BALL                          ? "ball"
                                                        : "player";
}

static const char *team_key(traj_team team)
{
    static const char *const keys[] = {"home", "away", "ball"};
    return keys[team];
}

/* ---- text ---- */

static void print_facts(const traj_recording *recording)
{
    size_t frames = 0;
    for (size_t s = 0; s < recording->sequences; s++) frames += recording->sequence[s].frames;
    printf("%s\n", recording->source);
    printf("  rate        %g Hz\n", recording->source_rate_hz);
    printf("  pitch       %g x %g m\n", recording->pitch_length_m, recording->pitch_width_m);
    if (recording->quantum_m > 0)
        printf("  quantum     %.3g m\n", recording->quantum_m);
    else
        printf("  quantum     none found\n");
    printf("  sequences   %zu, %zu frames in all\n", recording->sequences, frames);
}

/* A collection of plays has thousands of sequences: the first ones show what they are. */
static void print_sequences(const traj_recording *recording)
{
    enum { SHOWN = 8 };
    for (size_t s = 0; s < recording->sequences && s < SHOWN; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        if (sequence->frames == 0) continue;
        printf("    %-16s %7zu frames, ids %" PRId64 " to %" PRId64 ", %zu agents\n",
               sequence->name, sequence->frames, sequence->frame_id[0],
               sequence->frame_id[sequence->frames - 1], sequence->agents);
    }
    if (recording->sequences > SHOWN) printf("    and %zu more\n", recording->sequences - SHOWN);
}

static void print_agent(const traj_report_agent *agent)
{
    char jersey[16] = "";
    if (agent->agent.jersey >= 0) snprintf(jersey, sizeof jersey, "%d", agent->agent.jersey);
    printf("    %-24s %3s  %-10s  missing %5.1f %%\n", agent->agent.id, jersey,
           kind_name(agent->agent.kind), 100 * missing_share(agent));
}

/* A collection of plays has hundreds of players: a few show what they are. */
static void print_team(const traj_recording_report *report, traj_team team, const char *name)
{
    enum { SQUAD = 40, FEW = 5 };
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < report->agents; i++) count += report->agent[i].agent.team == team;
    size_t limit = count > SQUAD ? FEW : count;
    printf("  %-10s  %s%s%zu %s%s\n", team_key(team), name, name[0] ? ", " : "", count,
           team == TRAJ_TEAM_BALL ? "ball" : "player", count == 1 ? "" : "s");
    for (size_t i = 0; i < report->agents && shown < limit; i++) {
        if (report->agent[i].agent.team != team) continue;
        print_agent(&report->agent[i]);
        shown++;
    }
    if (count > shown) printf("    and %zu more\n", count - shown);
}

/* limit_mps: what is fast for them; option: what takes faster steps out. */
static void print_speed(const char *who, const traj_report_speed *speed, int limit_mps,
                        const char *option)
{
    if (!speed->steps) return;
    printf("  speed       %-8s median %.2f m/s, max %.2f m/s", who, speed->median_mps,
           speed->max_mps);
    if (speed->fast)
        printf(", %zu step%s above %d (%s %d)", speed->fast, speed->fast == 1 ? "" : "s", limit_mps,
               option, limit_mps);
    putchar('\n');
}

static void print_cleaning(const info_match *match)
{
    if (!traj_clean_is_asked(&match->asked)) return;
    printf("  cleaning    %s\n", traj_cleaning_describe(&match->asked, &match->clean).line);
}

static void print_match(const info_match *match)
{
    const traj_recording *recording = &match->recording;
    print_facts(recording);
    print_sequences(recording);
    print_team(&match->report, TRAJ_TEAM_HOME, recording->home_name);
    print_team(&match->report, TRAJ_TEAM_AWAY, recording->away_name);
    print_team(&match->report, TRAJ_TEAM_BALL, "");
    print_speed("players", &match->report.players, TRAJ_FAST_MPS, "--max-jump");
    print_speed("ball", &match->report.ball, TRAJ_FAST_BALL_MPS, "--max-ball-jump");
    print_cleaning(match);
    traj_guesses_print(stdout, &match->guesses);
}

/* ---- JSON ---- */

static void write_sequences(const traj_recording *recording, traj_json *array)
{
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        traj_json *object = traj_json_append_object(array);
        traj_json_set_string(object, "name", sequence->name);
        traj_json_set_number(object, "period_id", sequence->period_id);
        traj_json_set_number(object, "frames", (double)sequence->frames);
        traj_json_set_number(object, "agents", (double)sequence->agents);
        if (sequence->frames == 0) continue;
        traj_json_set_number(object, "first_frame", (double)sequence->frame_id[0]);
        traj_json_set_number(object, "last_frame",
                             (double)sequence->frame_id[sequence->frames - 1]);
    }
}

static void write_agents(const traj_recording_report *report, traj_json *array)
{
    for (size_t i = 0; i < report->agents; i++) {
        const traj_report_agent *agent = &report->agent[i];
        traj_json *object = traj_json_append_object(array);
        traj_json_set_string(object, "id", agent->agent.id);
        traj_json_set_string(object, "team", team_key(agent->agent.team));
        traj_json_set_string(object, "kind", kind_name(agent->agent.kind));
        double jersey = agent->agent.jersey;
        traj_json_set_number(object, "jersey", jersey < 0 ? (double)NAN : jersey); /* null */
        traj_json_set_number(object, "missing_share", missing_share(agent));
    }
}

static void write_speed(const traj_report_speed *speed, traj_json *object)
{
    traj_json_set_number(object, "steps", (double)speed->steps);
    traj_json_set_number(object, "fast_steps", (double)speed->fast);
    traj_json_set_number(object, "median", speed->median_mps);
    traj_json_set_number(object, "max", speed->max_mps);
}

static void write_guesses(const traj_guesses *guesses, traj_json *array)
{
    for (int i = 0; i < guesses->count; i++) {
        traj_json *object = traj_json_append_object(array);
        traj_json_set_string(object, "subject", guesses->item[i].subject);
        traj_json_set_string(object, "text", guesses->item[i].text);
        traj_json_set_string(object, "flag", guesses->item[i].flag);
    }
}

static void write_cleaning(const traj_clean_counts *counts, traj_json *object)
{
    traj_json_set_number(object, "positions", (double)counts->positions);
    traj_json_set_number(object, "removed", (double)counts->removed);
    traj_json_set_number(object, "gaps", (double)counts->gaps);
    traj_json_set_number(object, "filled", (double)counts->filled);
    traj_json_set_number(object, "frames", (double)counts->frames);
    traj_json_set_number(object, "smoothed", (double)counts->smoothed);
}

static void write_match(const info_match *match, traj_json *object)
{
    const traj_recording *recording = &match->recording;
    traj_json_set_string(object, "source", recording->source);
    traj_json_set_number(object, "rate_hz", recording->source_rate_hz);
    traj_json *pitch_m = traj_json_set_array(object, "pitch_m");
    traj_json_append_number(pitch_m, recording->pitch_length_m);
    traj_json_append_number(pitch_m, recording->pitch_width_m);
    traj_json_set_number(object, "quantum_m", recording->quantum_m);
    traj_json_set_string(object, "home_name", recording->home_name);
    traj_json_set_string(object, "away_name", recording->away_name);
    write_sequences(recording, traj_json_set_array(object, "sequences"));
    write_agents(&match->report, traj_json_set_array(object, "agents"));
    traj_json *speed_mps = traj_json_set_object(object, "speed_mps");
    write_speed(&match->report.players, traj_json_set_object(speed_mps, "players"));
    write_speed(&match->report.ball, traj_json_set_object(speed_mps, "ball"));
    if (traj_clean_is_asked(&match->asked))
        write_cleaning(&match->clean, traj_json_set_object(object, "cleaning"));
    write_guesses(&match->guesses, traj_json_set_array(object, "guesses"));
}

/* ---- the command ---- */

/* Reads the files of one match and adds it to the JSON array, or prints it where that is NULL. */
static traj_status show_match(const char *const *files, int count, const traj_settings *settings,
                              traj_json *array, traj_error *err)
{
    info_match match;
    memset(&match, 0, sizeof match);
    match.asked = settings->clean;
    traj_status status =
        traj_match_read(settings, files, count, &match.recording, &match.guesses, err);
    if (status != TRAJ_OK) return status;
    status = traj_recording_clean(&match.recording, &match.asked, &match.clean, err);
    if (status == TRAJ_OK)
        status = traj_recording_report_make(&match.recording, &match.report, err);
    if (status == TRAJ_OK && array)
        write_match(&match, traj_json_append_object(array));
    else if (status == TRAJ_OK)
        print_match(&match);
    traj_recording_report_free(&match.report);
    traj_recording_free(&match.recording);
    return status;
}

static traj_status show_all(const traj_settings *settings, traj_json *array, traj_error *err)
{
    const traj_text_list *players = &settings->players;
    const char *const *files = (const char *const *)players->item;
    int *group = traj_alloc(players->count, sizeof *group);
    const char **member = traj_alloc(players->count, sizeof *member);
    traj_status status = TRAJ_OK;
    if (!group || !member) {
        status = traj_fail_memory(err, "the list of files");
        goto done;
    }
    int matches = traj_recording_group(files, (int)players->count, group);
    status = traj_matches_check_companions(&settings->read, (size_t)matches, err);
    for (int m = 0; m < matches && status == TRAJ_OK; m++) {
        int count = 0;
        for (size_t i = 0; i < players->count; i++)
            if (group[i] == m) member[count++] = files[i];
        if (m > 0 && !array) putchar('\n');
        status = show_match(member, count, settings, array, err);
    }
done:
    traj_free(group);
    traj_free(member);
    return status;
}

traj_status cmd_info(traj_settings *settings, traj_error *err)
{
    if (settings->players.count == 0)
        return traj_fail(err, TRAJ_E_USAGE, "there is no file to look at: name one or more");
    if (!settings->json) return show_all(settings, NULL, err);

    traj_json *root = traj_json_object();
    if (!root) return traj_fail_memory(err, "the JSON report");
    traj_status status = show_all(settings, traj_json_set_array(root, "matches"), err);
    if (status == TRAJ_OK) status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}
