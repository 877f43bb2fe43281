/* The models that `traj evaluate` compares. */
#ifndef TRAJ_CLI_CONTENDERS_H
#define TRAJ_CLI_CONTENDERS_H

#include "futures.h"
#include "traj/eval/protocol.h"
#include "traj/gen/score.h"

typedef struct traj_contender {
    char name[TRAJ_PATH]; /* unique among the contenders */
    traj_trained trained;
    traj_sampler_list sampler;
    traj_rollout rollout;    /* of `trained`, from no moment yet */
    char *configuration;     /* owned: every option it was trained with but the seed and where it
                                went; NULL where config.json cannot be read */
    traj_scene_score *score; /* owned [scored], or NULL: no likelihood */
    size_t scored;
} traj_contender;

typedef struct traj_contenders {
    traj_contender *item; /* owned [count]; they do not move */
    size_t count;
} traj_contenders;

/* Loads the folders of settings->models; models/latest when there are none, nobody for "none".
 * Where --players is not given, takes the data of the first and how it is read. Errors:
 * TRAJ_E_USAGE for a model of another frame rate than the protocol's, and for the same folder
 * twice; those of traj_folder_load. Free in any case. */
traj_status traj_contenders_load(traj_settings *settings, const traj_protocol *protocol,
                                 traj_contenders *contenders, traj_error *err);
void traj_contenders_free(traj_contenders *contenders);

/* Scores every contender on windows of the protocol's length behind the first `skipped` share of
 * each match: the steps of the horizon, given the burn-in. A diffusion model whose horizon is not
 * the protocol's is left out, with a reason. Errors: those of scoring. */
traj_status traj_contenders_score(traj_contenders *contenders, const traj_settings *settings,
                                  const traj_matches *matches, const traj_protocol *protocol,
                                  double skipped, traj_pool *pool, traj_error *err);

/* Whether two were trained alike but for the seed. */
bool traj_contenders_alike(const traj_contender *a, const traj_contender *b);

#endif
