/* See rollout_file.h. */
#include "rollout_file.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* One frame of a rollout: when it is, and where everybody is, in whichever of the three parts of
 * the file. */
typedef struct file_frame {
    const traj_rollout_record *record;
    int64_t frame_id;
    double time_s;
    int sample; /* -1: observed or truth */
    int observed;
    const float *pos_m; /* [agents of the forecast or of the sequence, 2] */
    bool by_slot;       /* pos_m is indexed by the forecast's agents, not by the sequence's */
} file_frame;

typedef void write_frame(FILE *out, const file_frame *frame);

static const traj_sequence *sequence_of(const traj_rollout_record *record)
{
    return &record->moment->recording.sequence[0];
}

static const float *position(const file_frame *frame, int a)
{
    return frame->pos_m + 2 * (frame->by_slot ? a : frame->record->forecast->slot[a]);
}

/* Frame `step` after the last observed one (negative: before it), in the provider's clock. */
static file_frame frame_at(const traj_rollout_record *record, int step)
{
    const traj_sequence *const sequence = sequence_of(record);
    const size_t last = record->moment->last;
    const int64_t ids = (int64_t)llround(step * record->frame_ids_per_step);
    file_frame frame = {.record = record, .sample = -1};
    frame.frame_id = sequence->frame_id[last] + ids;
    frame.time_s = sequence->time_s[last] + traj_rate_time(record->moment->recording.rate, step);
    return frame;
}

/* All frames in the file's order: observed, truth, then sample by sample. */
static void each_frame(FILE *out, const traj_rollout_record *record, write_frame *write)
{
    const traj_sequence *const sequence = sequence_of(record);
    const traj_forecast *const forecast = record->forecast;
    const int last = (int)record->moment->last, frames = (int)sequence->frames;
    for (int f = last + 1 - record->burn_in; f < frames && f <= last + forecast->horizon; f++) {
        if (f < 0) continue;
        file_frame frame = frame_at(record, f - last);
        frame.observed = f <= last;
        frame.pos_m = sequence->pos_m + 2 * (size_t)f * sequence->agents;
        write(out, &frame);
    }
    for (int s = 0; s < forecast->samples; s++)
        for (int t = 0; t < forecast->horizon; t++) {
            file_frame frame = frame_at(record, t + 1);
            frame.sample = s;
            frame.by_slot = true;
            frame.pos_m = forecast->pos_m +
                          2 * ((size_t)s * (size_t)forecast->horizon + (size_t)t) *
                              (size_t)forecast->agents;
            write(out, &frame);
        }
}

static void write_head(FILE *out, const file_frame *frame)
{
    fprintf(out, "%s,", frame->record->name);
    if (frame->sample >= 0) fprintf(out, "%d", frame->sample);
    fprintf(out, ",%d,%" PRId64 ",%.3f", sequence_of(frame->record)->period_id, frame->frame_id,
            frame->time_s);
}

/* Missing is an empty field. */
static void write_position(FILE *out, const traj_rollout_record *record, const float *pos_m)
{
    const int decimals = record->decimals;
    if (isfinite(pos_m[0]))
        fprintf(out, ",%.*f,%.*f", decimals, (double)pos_m[0], decimals, (double)pos_m[1]);
    else
        fputs(",,", out);
}

static void write_agent(FILE *out, const traj_rollout_record *record, int a)
{
    const traj_agent *const agent = &sequence_of(record)->agent[record->forecast->slot[a]];
    fprintf(out, ",%s,%s,", traj_team_name(&record->moment->recording, agent), agent->id);
    if (agent->jersey >= 0) fprintf(out, "%d", agent->jersey);
}

static void write_long_frame(FILE *out, const file_frame *frame)
{
    for (int a = 0; a < frame->record->forecast->agents; a++) {
        write_head(out, frame);
        write_agent(out, frame->record, a);
        write_position(out, frame->record, position(frame, a));
        fprintf(out, ",%d\n", frame->observed);
    }
}

static void write_wide_frame(FILE *out, const file_frame *frame)
{
    write_head(out, frame);
    fprintf(out, ",%d", frame->observed);
    for (int a = 0; a < frame->record->forecast->agents; a++)
        write_position(out, frame->record, position(frame, a));
    fputc('\n', out);
}

void traj_rollout_write_header(FILE *out)
{
    fputs("sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed\n", out);
}

void traj_rollout_write_long(FILE *out, const traj_rollout_record *record)
{
    each_frame(out, record, write_long_frame);
}

void traj_rollout_write_wide(FILE *out, const traj_rollout_record *record)
{
    const traj_sequence *const sequence = sequence_of(record);
    fputs("sequence,sample,period_id,frame_id,timestamp,observed", out);
    for (int a = 0; a < record->forecast->agents; a++) {
        const char *const id = sequence->agent[record->forecast->slot[a]].id;
        fprintf(out, ",%s_x,%s_y", id, id);
    }
    fputc('\n', out);
    each_frame(out, record, write_wide_frame);
}

/* One level of a chain. */
static void write_level(FILE *out, const traj_rollout_record *record, const traj_chain *chain,
                        bool forward, int level)
{
    const char *const name = forward ? "forward" : "reverse";
    const float *const pos_m =
        traj_chain_level(chain, forward ? chain->forward : chain->reverse, level);
    for (int t = 0; t < chain->frames; t++)
        for (int a = 0; a < chain->agents; a++) {
            fprintf(out, "%s,%d,%.6g,%s,%" PRId64, name, level, chain->noise[level], record->name,
                    frame_at(record, t).frame_id);
            write_agent(out, record, a);
            write_position(out, record, pos_m + 2 * (t * chain->agents + a));
            fputc('\n', out);
        }
}

void traj_rollout_write_chain(FILE *out, const traj_rollout_record *record, const traj_chain *chain)
{
    fputs("chain,level,noise,sequence,frame_id,team,player_id,jersey,x,y\n", out);
    for (int level = 0; chain->forward && level < chain->levels; level++)
        write_level(out, record, chain, true, level);
    for (int level = chain->levels - 1; level >= 0; level--)
        write_level(out, record, chain, false, level);
}
