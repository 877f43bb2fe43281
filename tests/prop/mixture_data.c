/* Data from a mixture of Gaussians, and its exact entropy: see mixture_data.h. */
#include "prop/mixture_data.h"
#include "traj/base/noise.h"
#include <math.h>
#include <stdio.h>

static const double two_pi = 6.28318530717958647693;

enum { COMPONENTS = 3 };
static const struct component {
    double weight, mean[2], sd;
} components[COMPONENTS] = {
    {0.5, {-0.8, -0.3}, 0.35}, {0.3, {0.9, -0.5}, 0.2}, {0.2, {0.3, 1.0}, 0.3}};

static void draw(uint64_t seed, uint32_t scene, float x[2])
{
    const traj_noise noise = {seed, TRAJ_STREAM_TEST, 0};
    traj_real normal[2], uniform;
    int c = 0;
    traj_noise_normal(&noise, scene, 0, 0, normal, 2);
    traj_noise_uniform(&noise, scene, 1, 0, &uniform, 1);
    double left = (double)uniform - components[0].weight;
    while (left >= 0 && c + 1 < COMPONENTS) left -= components[++c].weight;
    for (int k = 0; k < 2; k++)
        x[k] = (float)(components[c].mean[k] + components[c].sd * (double)normal[k]);
}

traj_status mixture_record(size_t sequences, uint64_t seed, traj_recording *recording,
                           traj_error *err)
{
    snprintf(recording->source, sizeof recording->source, "mixture of Gaussians");
    recording->rate = recording->source_rate = (traj_rate){10, 1};
    recording->pitch_length_m = recording->pitch_width_m = 40;
    for (size_t s = 0; s < sequences; s++) {
        traj_sequence *sequence;
        const traj_status status = traj_recording_add(recording, 2, 1, &sequence, err);
        if (status != TRAJ_OK) return status;
        sequence->agent[0] =
            (traj_agent){.id = "one", .team = TRAJ_TEAM_HOME, .kind = TRAJ_HOME, .jersey = 1};
        for (int t = 0; t < 2; t++) {
            sequence->frame_id[t] = t;
            sequence->time_s[t] = 0.1 * t;
        }
        sequence->pos_m[0] = sequence->pos_m[1] = 0;
        draw(seed, (uint32_t)s, sequence->pos_m + 2);
    }
    return TRAJ_OK;
}

double mixture_log_density(const double x[2])
{
    double density = 0;
    for (int c = 0; c < COMPONENTS; c++) {
        const double dx = (x[0] - components[c].mean[0]) / components[c].sd,
                     dy = (x[1] - components[c].mean[1]) / components[c].sd;
        density += components[c].weight / (two_pi * components[c].sd * components[c].sd) *
                   exp(-(dx * dx + dy * dy) / 2);
    }
    return log(density);
}

double mixture_entropy(void)
{
    const double edge = 4, step = 0.02; /* sd / 10: the midpoint rule is exact to rounding there */
    double sum = 0;
    for (double x = -edge + step / 2; x < edge; x += step)
        for (double y = -edge + step / 2; y < edge; y += step) {
            const double log_density = mixture_log_density((const double[2]){x, y});
            if (log_density > -700) sum -= exp(log_density) * log_density * step * step;
        }
    return sum;
}
