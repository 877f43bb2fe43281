/* Our two CSV layouts, and kloppy's. docs/formats.md lists the columns. */
#include "writers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void write_text(FILE *stream, const char *text)
{
    if (strpbrk(text, ",;\t\"\r\n") == NULL) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text != '\0'; text++) {
        if (*text == '"') fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

traj_status traj_long_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    const int decimals = traj_quantum_decimals(recording->quantum_m);
    (void)err;
    fputs("sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed\n",
          stream);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        for (size_t i = 0; i < sequence->frames * sequence->agents; i++) {
            size_t frame = i / sequence->agents;
            const traj_agent *agent = &sequence->agent[i % sequence->agents];
            write_text(stream, sequence->name);
            fprintf(stream, ",,%d,%" PRId64 ",%.10g,%s,", sequence->period_id,
                    sequence->frame_id[frame], sequence->time_s[frame],
                    traj_team_name(recording, agent));
            write_text(stream, agent->id);
            if (agent->jersey >= 0)
                fprintf(stream, ",%d,", agent->jersey);
            else
                fputs(",,", stream);
            traj_write_number(stream, sequence->pos_m[2 * i], decimals);
            fputc(',', stream);
            traj_write_number(stream, sequence->pos_m[2 * i + 1], decimals);
            fputs(",1\n", stream);
        }
    }
    return TRAJ_OK;
}

/* ",home_11_x,home_11_y": the team's name, if there is one, stands before an id that does not begin
 * with it. */
static void write_names(FILE *stream, const traj_agent *agent, const char *team)
{
    const size_t length = strlen(team);
    char name[64];
    bool prefixed = agent->team == TRAJ_TEAM_BALL || length == 0 ||
                    (strncmp(agent->id, team, length) == 0 && agent->id[length] == '_');
    for (const char *axis = "xy"; *axis != '\0'; axis++) {
        snprintf(name, sizeof name, "%s%s%s_%c", prefixed ? "" : team, prefixed ? "" : "_",
                 agent->id, *axis);
        fputc(',', stream);
        write_text(stream, name);
    }
}

/* Whether the other team has one with this id, too: shirts without names. */
static bool is_shared(const traj_cast *cast, size_t agent)
{
    size_t c = 0;
    while (c < cast->count && (c == agent || strcmp(cast->agent[c].id, cast->agent[agent].id) != 0))
        c++;
    return c < cast->count;
}

/* What stands before the positions of a row. */
typedef void write_moment(const traj_sequence *sequence, size_t frame, FILE *stream);

typedef struct table { /* with a row a frame */
    const char *header;
    write_moment *moment;
    bool teams; /* stand before all players' ids, not only those that both have */
} table;

static void write_frame(const traj_sequence *sequence, size_t frame, FILE *stream)
{
    fprintf(stream, "%" PRId64 ",%d,%.10g", sequence->frame_id[frame], sequence->period_id,
            sequence->time_s[frame]);
}

static void write_kloppy_frame(const traj_sequence *sequence, size_t frame, FILE *stream)
{
    static const char *const states[] = {"", "alive", "dead"}, *const owners[] = {"", "home",
                                                                                  "away"};
    const traj_play play = sequence->play != NULL ? sequence->play[frame] : (traj_play){0};
    fprintf(stream, "%d,%.10g,%" PRId64 ",%s,%s", sequence->period_id, sequence->time_s[frame],
            sequence->frame_id[frame], states[play.ball], owners[play.owner]);
}

static void write_rows(const traj_recording *recording, const table *as, traj_cast *cast,
                       FILE *stream)
{
    const int decimals = traj_quantum_decimals(recording->quantum_m);
    /* Sequences that are plain periods need no column of their own: period_id names them. */
    const bool periods = traj_sequences_are_periods(recording);
    fprintf(stream, "%s%s", periods ? "" : "sequence,", as->header);
    for (size_t c = 0; c < cast->count; c++)
        write_names(stream, &cast->agent[c],
                    as->teams || is_shared(cast, c) ? traj_team_name(recording, &cast->agent[c])
                                                    : "");
    fputc('\n', stream);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        traj_cast_find(cast, sequence);
        for (size_t f = 0; f < sequence->frames; f++) {
            if (!periods) {
                write_text(stream, sequence->name);
                fputc(',', stream);
            }
            as->moment(sequence, f, stream);
            for (size_t c = 0; c < cast->count; c++)
                for (int axis = 0; axis < 2; axis++) {
                    fputc(',', stream);
                    traj_write_number(stream, traj_cast_position(cast, sequence, f, c)[axis],
                                      decimals);
                }
            fputc('\n', stream);
        }
    }
}

/* The ball first, as databallpy and kloppy have it. */
static traj_status write_table(const traj_recording *recording, const table *as, FILE *stream,
                               traj_error *err)
{
    static const unsigned groups[] = {1 << TRAJ_TEAM_BALL,
                                      1 << TRAJ_TEAM_HOME | 1 << TRAJ_TEAM_AWAY, 0};
    traj_cast cast;
    const traj_status status = traj_cast_make(recording, groups, &cast, err);
    if (status == TRAJ_OK) write_rows(recording, as, &cast, stream);
    traj_cast_free(&cast);
    return status;
}

traj_status traj_wide_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    static const table wide = {"frame,period_id,timestamp", write_frame, true};
    return write_table(recording, &wide, stream, err);
}

traj_status traj_kloppy_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    static const table kloppy = {"period_id,timestamp,frame_id,ball_state,ball_owning_team_id",
                                 write_kloppy_frame, false};
    return write_table(recording, &kloppy, stream, err);
}
