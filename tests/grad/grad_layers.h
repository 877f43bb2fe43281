/* The layers that the table's rows are made of, one file per family. */
#ifndef TRAJ_TESTS_GRAD_LAYERS_H
#define TRAJ_TESTS_GRAD_LAYERS_H

#include "grad/grad_bench.h"

extern const grad_layer grad_linear, grad_bias, grad_relu, grad_mlp; /* grad_linear.c */
extern const grad_layer grad_gru, grad_message, grad_graph;          /* grad_gru.c, grad_graph.c */
extern const grad_layer grad_film, grad_denoiser;          /* grad_film.c, grad_denoiser.c */
extern const grad_layer grad_latent, grad_kl, grad_output; /* grad_heads.c */

#endif
