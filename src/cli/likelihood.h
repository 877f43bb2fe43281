/* How likely recorded play is under a model, in figures: what `traj score` prints and `traj
 * evaluate` has beside its metrics. */
#ifndef TRAJ_CLI_LIKELIHOOD_H
#define TRAJ_CLI_LIKELIHOOD_H

#include "traj/gen/score.h"
#include "traj/io/json.h"

typedef struct traj_likelihood {
    const char *key, *label, *unit; /* label: shorter than 12 letters, for columns */
    double (*sum)(
        const traj_scene_score *score); /* of a scene; per agent-step by traj_score_mean */
    bool importance;                    /* exists with importance samples only */
} traj_likelihood;

int traj_likelihood_count(void);
const traj_likelihood *traj_likelihood_at(int index);

/* Every figure of `scenes` scores into `object`, as {"value", "ci95": [low, high]}. */
void traj_likelihood_to_json(const traj_scene_score *score, size_t scenes, bool importance,
                             traj_json *object);

#endif
