/* Our two CSV layouts. docs/formats.md lists the columns. */
#include "writers.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
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

/* The agents of all sequences, each once, the ball first as databallpy has it. */
typedef struct columns {
    traj_agent *agent; /* owned [count] */
    size_t count, capacity;
} columns;

static int add_columns(columns *all, const traj_sequence *sequence, bool balls)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        const traj_agent *agent = &sequence->agent[a];
        if ((agent->team == TRAJ_TEAM_BALL) != balls) continue;
        size_t c = 0;
        while (c < all->count && !traj_agent_same(&all->agent[c], agent)) c++;
        if (c < all->count) continue;
        if (traj_grow(&all->agent, &all->capacity, all->count + 1, sizeof *all->agent) != 0)
            return -1;
        all->agent[all->count++] = *agent;
    }
    return 0;
}

/* ",home_11_x,home_11_y": the team's name stands before an id that does not begin with it. */
static void write_names(FILE *stream, const traj_agent *agent, const char *team)
{
    const size_t length = strlen(team);
    char name[64];
    bool prefixed = agent->team == TRAJ_TEAM_BALL ||
                    (strncmp(agent->id, team, length) == 0 && agent->id[length] == '_');
    for (const char *axis = "xy"; *axis != '\0'; axis++) {
        snprintf(name, sizeof name, "%s%s%s_%c", prefixed ? "" : team, prefixed ? "" : "_",
                 agent->id, *axis);
        fputc(',', stream);
        write_text(stream, name);
    }
}

static void write_row(const traj_sequence *sequence, size_t frame, const columns *all,
                      const size_t *place, int decimals, FILE *stream)
{
    for (size_t c = 0; c < all->count; c++) {
        const float missing[2] = {NAN, NAN}, *pos = missing;
        if (place[c] < sequence->agents)
            pos = sequence->pos_m + (frame * sequence->agents + place[c]) * 2;
        fputc(',', stream);
        traj_write_number(stream, pos[0], decimals);
        fputc(',', stream);
        traj_write_number(stream, pos[1], decimals);
    }
    fputc('\n', stream);
}

static void write_frames(const traj_recording *recording, const columns *all, size_t *place,
                         FILE *stream)
{
    const int decimals = traj_quantum_decimals(recording->quantum_m);
    /* Sequences that are plain periods need no column of their own: period_id names them. */
    bool periods = traj_sequences_are_periods(recording);
    fputs(periods ? "frame,period_id,timestamp" : "sequence,frame,period_id,timestamp", stream);
    for (size_t c = 0; c < all->count; c++)
        write_names(stream, &all->agent[c], traj_team_name(recording, &all->agent[c]));
    fputc('\n', stream);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        for (size_t c = 0; c < all->count; c++) {
            place[c] = 0;
            while (place[c] < sequence->agents &&
                   !traj_agent_same(&sequence->agent[place[c]], &all->agent[c]))
                place[c]++;
        }
        for (size_t f = 0; f < sequence->frames; f++) {
            if (!periods) {
                write_text(stream, sequence->name);
                fputc(',', stream);
            }
            fprintf(stream, "%" PRId64 ",%d,%.10g", sequence->frame_id[f], sequence->period_id,
                    sequence->time_s[f]);
            write_row(sequence, f, all, place, decimals, stream);
        }
    }
}

static traj_status find_columns(const traj_recording *recording, columns *all, size_t **place,
                                traj_error *err)
{
    for (int balls = 1; balls >= 0; balls--)
        for (size_t s = 0; s < recording->sequences; s++)
            if (add_columns(all, &recording->sequence[s], balls == 1) != 0)
                return traj_fail_memory(err, "the columns of a CSV file");
    *place = traj_alloc(all->count, sizeof **place);
    return *place != NULL ? TRAJ_OK : traj_fail_memory(err, "the columns of a CSV file");
}

traj_status traj_wide_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    columns all = {0};
    size_t *place = NULL;
    const traj_status status = find_columns(recording, &all, &place, err);
    if (status == TRAJ_OK) write_frames(recording, &all, place, stream);
    traj_free(all.agent);
    traj_free(place);
    return status;
}
