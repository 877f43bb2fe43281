/* See likelihood.h. */
#include "likelihood.h"
#include <math.h>

static double elbo_sum(const traj_scene_score *score)
{
    return -(score->nll + score->kl);
}

static double iwae_sum(const traj_scene_score *score)
{
    return score->iwae;
}

static double recon_sum(const traj_scene_score *score)
{
    return -score->nll;
}

static double kl_sum(const traj_scene_score *score)
{
    return score->kl;
}

static double nll_sum(const traj_scene_score *score)
{
    return -(isfinite(score->iwae) ? score->iwae : elbo_sum(score));
}

/* Two dimensions, nats to bits. */
static double bits_sum(const traj_scene_score *score)
{
    return nll_sum(score) / (2 * 0.69314718055994530942);
}

static const traj_likelihood table[] = {
    {"elbo", "elbo", "nats per agent-step", elbo_sum, false},
    {"iwae", "iwae", "nats per agent-step", iwae_sum, true},
    {"recon", "recon", "nats per agent-step", recon_sum, false},
    {"kl", "kl", "nats per agent-step", kl_sum, false},
    {"nll", "nll", "nats per agent-step", nll_sum, false},
    {"bits_per_dim", "bits/dim", "bits", bits_sum, false},
};

int traj_likelihood_count(void)
{
    return sizeof table / sizeof *table;
}

const traj_likelihood *traj_likelihood_at(int index)
{
    return &table[index];
}

void traj_likelihood_to_json(const traj_scene_score *score, size_t scenes, bool importance,
                             traj_json *object)
{
    for (int i = 0; i < traj_likelihood_count(); i++) {
        if (table[i].importance && !importance) continue;
        const traj_mean m = traj_score_mean(score, scenes, table[i].sum);
        traj_json *const figure = traj_json_set_object(object, table[i].key);
        traj_json_set_number(figure, "value", m.mean);
        traj_json *const ci95 = traj_json_set_array(figure, "ci95");
        traj_json_append_number(ci95, m.mean - m.half_width);
        traj_json_append_number(ci95, m.mean + m.half_width);
    }
}
