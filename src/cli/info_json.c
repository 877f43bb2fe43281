/* traj info --json: the same for programs. What a file does not tell is null. */
#include "info_match.h"

#include <math.h>

static const char *team_key(traj_team team)
{
    static const char *const keys[] = {"home", "away", "ball"};
    return keys[team];
}

/* Null where there is nothing to take a share of. */
static void set_share(traj_json *object, const char *key, size_t part, size_t whole)
{
    traj_json_set_number(object, key, whole ? (double)part / (double)whole : (double)NAN);
}

/* Null for 0. */
static void set_way(traj_json *object, const char *key, int home_attacks)
{
    if (home_attacks == 0)
        traj_json_set_number(object, key, NAN);
    else
        traj_json_set_string(object, key, home_attacks > 0 ? "right" : "left");
}

static void write_direction(const traj_direction *direction, traj_json *object)
{
    static const char *const by[] = {[TRAJ_SIDE_BY_NOTHING] = "nothing",
                                     [TRAJ_SIDE_BY_OPTION] = "option",
                                     [TRAJ_SIDE_BY_VOTE] = "vote",
                                     [TRAJ_SIDE_BY_METADATA] = "metadata",
                                     [TRAJ_SIDE_BY_FILE] = "file"};
    set_way(object, "home_attacks", direction->home_attacks);
    traj_json_set_string(object, "by", by[direction->by]);
    traj_json_set_number(object, "share", direction->share);
    set_way(object, "metadata", direction->told);
    traj_json_set_bool(object, "turned", direction->turned);
}

static void write_sequences(const traj_recording *recording, traj_json *array)
{
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        traj_json *object = traj_json_append_object(array);
        traj_json_set_string(object, "name", sequence->name);
        traj_json_set_number(object, "period_id", sequence->period_id);
        traj_json_set_number(object, "frames", (double)sequence->frames);
        traj_json_set_number(object, "agents", (double)sequence->agents);
        write_direction(&sequence->direction, traj_json_set_object(object, "direction"));
        if (sequence->frames == 0) continue;
        const size_t last = sequence->frames - 1;
        traj_json_set_number(object, "first_frame", (double)sequence->frame_id[0]);
        traj_json_set_number(object, "last_frame", (double)sequence->frame_id[last]);
        traj_json_set_number(object, "seconds", sequence->time_s[last] - sequence->time_s[0]);
    }
}

static void write_agents(const info_match *match, traj_json *array)
{
    for (size_t i = 0; i < match->report.agents; i++) {
        const traj_report_agent *agent = &match->report.agent[i];
        const bool keeper = agent->agent.kind == TRAJ_HOME_GK || agent->agent.kind == TRAJ_AWAY_GK;
        const double jersey = agent->agent.jersey;
        traj_json *object = traj_json_append_object(array);
        traj_json_set_string(object, "id", agent->agent.id);
        traj_json_set_string(object, "team", team_key(agent->agent.team));
        traj_json_set_string(object, "kind",
                             agent->agent.kind == TRAJ_BALL ? "ball"
                             : keeper                       ? "goalkeeper"
                                                            : "player");
        traj_json_set_string(object, "role", agent->agent.role);
        traj_json_set_number(object, "jersey", jersey < 0 ? (double)NAN : jersey);
        traj_json_set_number(object, "first_frame", (double)agent->agent.first_frame);
        traj_json_set_number(object, "last_frame", (double)agent->agent.last_frame);
        traj_json_set_number(object, "frames", (double)agent->frames);
        traj_json_set_number(object, "missing_share", traj_info_missing(agent));
        set_share(object, "estimated_share", agent->estimated,
                  match->quality.judged ? agent->frames - agent->missing : 0);
    }
}

static void write_ball(const traj_quality *quality, traj_json *object)
{
    const size_t told = quality->alive + quality->dead ? quality->frames : 0;
    const size_t owned = quality->home_owns + quality->away_owns ? quality->frames : 0;
    set_share(object, "missing_share", quality->frames - quality->balls, quality->frames);
    set_share(object, "alive_share", quality->alive, told);
    set_share(object, "dead_share", quality->dead, told);
    set_share(object, "home_share", quality->home_owns, owned);
    set_share(object, "away_share", quality->away_owns, owned);
}

static void write_counts(const traj_quality *quality, traj_json *object)
{
    for (int t = 0; t < 2; t++) {
        traj_json *team = traj_json_set_object(object, team_key((traj_team)t));
        traj_json_set_number(team, "median", (double)quality->median_players[t]);
        traj_json_set_number(team, "most", (double)quality->most_players[t]);
    }
}

static void write_speed(const traj_speeds *speeds, traj_json *object)
{
    traj_json_set_number(object, "steps", (double)speeds->steps);
    traj_json_set_number(object, "fast_steps", (double)speeds->fast);
    traj_json_set_number(object, "median", speeds->median_mps);
    traj_json_set_number(object, "p99", speeds->high_mps);
    traj_json_set_number(object, "max", speeds->max_mps);
}

static void write_guesses(const traj_guesses *guesses, bool doubts, traj_json *array)
{
    for (int i = 0; i < guesses->count; i++) {
        if (guesses->item[i].doubt != doubts) continue;
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

void traj_info_write(const info_match *match, traj_json *object)
{
    const traj_recording *recording = &match->recording;
    const traj_quality *quality = &match->quality;
    traj_json_set_string(object, "source", recording->source);
    traj_json_set_string(object, "format", recording->format);
    traj_json_set_number(object, "rate_hz", traj_rate_hz(recording->source_rate));
    traj_json *ratio = traj_json_set_array(object, "rate_ratio");
    traj_json_append_number(ratio, (double)recording->source_rate.num);
    traj_json_append_number(ratio, (double)recording->source_rate.den);
    traj_json *pitch_m = traj_json_set_array(object, "pitch_m");
    traj_json_append_number(pitch_m, recording->pitch_length_m);
    traj_json_append_number(pitch_m, recording->pitch_width_m);
    set_share(object, "on_pitch_share", quality->on_pitch, quality->positions);
    traj_json_set_number(object, "quantum_m", recording->quantum_m);
    traj_json_set_string(object, "orientation", recording->home_right ? "home-right" : "keep");
    traj_json_set_string(object, "home_name", recording->home_name);
    traj_json_set_string(object, "away_name", recording->away_name);
    write_sequences(recording, traj_json_set_array(object, "sequences"));
    write_agents(match, traj_json_set_array(object, "agents"));
    write_counts(quality, traj_json_set_object(object, "players_at_a_time"));
    write_ball(quality, traj_json_set_object(object, "ball"));
    set_share(object, "detected_share", quality->judged - quality->estimated, quality->judged);
    traj_json *speed_mps = traj_json_set_object(object, "speed_mps");
    write_speed(&quality->players, traj_json_set_object(speed_mps, "players"));
    write_speed(&quality->ball, traj_json_set_object(speed_mps, "ball"));
    if (traj_clean_is_asked(&match->asked))
        write_cleaning(&match->clean, traj_json_set_object(object, "cleaning"));
    write_guesses(&match->guesses, false, traj_json_set_array(object, "guesses"));
    write_guesses(&match->guesses, true, traj_json_set_array(object, "doubts"));
}
