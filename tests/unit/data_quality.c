/* What a recording looks like, counted side by side and by several threads, against counting one by
 * one. */
#include "data_groups.h"
#include "traj/data/quality.h"

#include <math.h>
#include <string.h>

/* Steps of 0.2 s are of five frames. */
#define RATE_HZ 25
enum { APART = 5 };

/* Everybody on a curve of his own, at times lost, at times far too fast. */
static void fill(traj_sequence *sequence, size_t number)
{
    for (size_t f = 0; f < sequence->frames; f++) {
        sequence->frame_id[f] = (int64_t)(f + (f > 400)); /* one is missing */
        sequence->time_s[f] = (double)sequence->frame_id[f] / RATE_HZ;
        for (size_t a = 0; a < sequence->agents; a++) {
            float *const pos = sequence->pos_m + 2 * (f * sequence->agents + a);
            if ((f / 50 + a + number) % 7 == 0) continue;
            pos[0] = (float)(58.0 * sin(0.003 * (double)((f + 1) * (a % 13 + 1))));
            pos[1] = (float)(37.0 * cos(0.002 * (double)(f * (a % 5 + 1)) + (double)a));
            if ((f + 31 * a) % 997 == 0) pos[0] += 3.0f;
        }
    }
}

static traj_recording make(size_t agents, const size_t *frames, size_t sequences)
{
    traj_recording recording;
    traj_recording_init(&recording);
    recording.rate = (traj_rate){RATE_HZ, 1};
    recording.pitch_length_m = 105.0;
    recording.pitch_width_m = 68.0;
    for (size_t s = 0; s < sequences; s++) {
        traj_sequence *sequence;
        assert_int_equal(traj_recording_add(&recording, frames[s], agents, &sequence, NULL),
                         TRAJ_OK);
        for (size_t a = 0; a < agents; a++)
            sequence->agent[a].team = a + 1 == agents ? TRAJ_TEAM_BALL
                                      : a % 2 == 0    ? TRAJ_TEAM_HOME
                                                      : TRAJ_TEAM_AWAY;
        fill(sequence, s);
    }
    return recording;
}

/* Speed of the step that ends in frame f; NaN: there is none. */
static double speed_mps(const traj_sequence *sequence, size_t f, size_t a, size_t apart)
{
    if (f < apart || sequence->frame_id[f] - sequence->frame_id[f - apart] != (int64_t)apart)
        return NAN;
    const float *const to = sequence->pos_m + 2 * (f * sequence->agents + a);
    const float *const from = to - 2 * apart * sequence->agents;
    const double dx = to[0] - from[0], dy = to[1] - from[1];
    return sqrt(dx * dx + dy * dy) / (sequence->time_s[f] - sequence->time_s[f - apart]);
}

typedef struct plain_count {
    size_t frames, positions, on_pitch, balls, most[2];
    int64_t most_frame[2];
    size_t steps[2], fast[2];
    double max_mps[2];
} plain_count;

static void count_frame(const traj_sequence *sequence, size_t f, plain_count *sum)
{
    size_t seen[2] = {0};
    for (size_t a = 0; a < sequence->agents; a++) {
        const float *const pos = sequence->pos_m + 2 * (f * sequence->agents + a);
        const bool ball = sequence->agent[a].team == TRAJ_TEAM_BALL, here = !isnan(pos[0]);
        const double step = speed_mps(sequence, f, a, APART), next = speed_mps(sequence, f, a, 1);
        sum->steps[ball] += !isnan(step);
        sum->max_mps[ball] = fmax(sum->max_mps[ball], step);
        sum->fast[ball] += next > (ball ? TRAJ_FAST_BALL_MPS : TRAJ_FAST_MPS);
        sum->balls += ball && here;
        if (ball || !here) continue;
        seen[sequence->agent[a].team]++;
        sum->positions++;
        sum->on_pitch += fabs(pos[0]) <= 52.5 + TRAJ_RUN_OFF_M &&
                         fabs(pos[1]) <= 34 + TRAJ_RUN_OFF_M;
    }
    for (int t = 0; t < 2; t++) {
        if (seen[t] <= sum->most[t]) continue;
        sum->most[t] = seen[t];
        sum->most_frame[t] = sequence->frame_id[f];
    }
    sum->frames++;
}

static void check(const traj_recording *recording, int64_t last)
{
    traj_quality quality;
    plain_count sum = {0};
    for (size_t s = 0; s < recording->sequences; s++)
        for (size_t f = 0; f < recording->sequence[s].frames; f++)
            if (recording->sequence[s].frame_id[f] <= last)
                count_frame(&recording->sequence[s], f, &sum);
    traj_quality_measure(recording, last, &quality);
    assert_int_equal(quality.frames, sum.frames);
    assert_int_equal(quality.positions, sum.positions);
    assert_int_equal(quality.on_pitch, sum.on_pitch);
    assert_int_equal(quality.balls, sum.balls);
    for (int t = 0; t < 2; t++) {
        const traj_speeds *const speeds = t == 0 ? &quality.players : &quality.ball;
        assert_int_equal(quality.most_players[t], sum.most[t]);
        assert_int_equal(quality.most_frame[t], sum.most_frame[t]);
        assert_int_equal(speeds->steps, sum.steps[t]);
        assert_int_equal(speeds->fast, sum.fast[t]);
        assert_true(speeds->max_mps == sum.max_mps[t]); /* to the last bit */
    }
}

/* Fewer than a block, whole blocks, one that overlaps, several chunks. */
static void it_counts_as_one_by_one(void **state)
{
    (void)state;
    const size_t agents[] = {2, 15, 16, 23, 48, 64, 65, 150}, frames[] = {700, 3, 1100};
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        traj_recording recording = make(agents[i], frames, 3);
        check(&recording, INT64_MAX);
        check(&recording, 650);
        traj_recording_free(&recording);
    }
}

static void several_threads_count_the_same(void **state)
{
    (void)state;
    const size_t frames[] = {9000, 1, 8000}; /* times 23: more than one thread is for */
    traj_recording recording = make(23, frames, 3);
    for (int i = 0; i < 5; i++) check(&recording, INT64_MAX);
    traj_recording_free(&recording);
}

int data_quality_tests(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_as_one_by_one),
        cmocka_unit_test(several_threads_count_the_same),
    };
    return cmocka_run_group_tests_name("data: quality", tests, NULL, NULL);
}
