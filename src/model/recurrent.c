/* Declaration of the recurrent core: see recurrent.h. The equations are in recurrent_loss.c and
 * recurrent_step.c. */
#include "recurrent.h"

void traj_recurrent_declare(traj_model *model)
{
    const traj_model_config *const config = &model->config;
    traj_layout *const layout = &model->layout;
    const int width = config->hidden, z = config->latent, z_width = z ? width : 0;
    traj_recurrent core = {.hidden = width, .latent = z, .residual = config->residual != 0};
    core.output = (traj_output){config->output, config->components, TRAJ_R(config->sd_floor)};
    traj_graph_shape shape = {.hidden = width,
                              .rounds = config->rounds,
                              .features = TRAJ_EDGE_FEATURES,
                              .attention = config->attention};
    core.phi_x = traj_mlp_declare(layout, "phi_x", 2, width, 2);
    if (z) {
        core.phi_z = traj_mlp_declare(layout, "phi_z", z, width, 1);
        shape.out = 2 * z;
        shape.in = width + TRAJ_KNOWN;
        core.prior = traj_graph_declare(layout, "prior", shape);
        shape.in = 2 * width + TRAJ_KNOWN;
        core.encoder = traj_graph_declare(layout, "encoder", shape);
    }
    shape.out = traj_output_width(&core.output);
    shape.in = z_width + TRAJ_KNOWN + width;
    core.decoder = traj_graph_declare(layout, "decoder", shape);
    core.gru = traj_gru_declare(layout, "gru", width + z_width, width);
    model->recurrent = core;
}

void traj_recurrent_init(const traj_model *model, traj_params params)
{
    const traj_recurrent *const core = &model->recurrent;
    traj_output_init(&core->output, traj_param_vec(params, core->decoder.head_bias));
}

traj_recurrent_blocks traj_recurrent_blocks_of(const traj_recurrent *core, traj_params params)
{
    const int width = core->hidden, known = TRAJ_KNOWN, z_width = core->latent ? width : 0;
    const traj_mat decoder = traj_graph_project(&core->decoder, params);
    const traj_mat input = traj_param_mat(params, core->gru.weight_ih);
    traj_recurrent_blocks w = {
        .decoder_z = traj_mat_cols(decoder, 0, z_width),
        .decoder_y = traj_mat_cols(decoder, z_width, known),
        .decoder_h = traj_mat_cols(decoder, z_width + known, width),
        .gru_x = traj_mat_cols(input, 0, width),
        .gru_z = traj_mat_cols(input, width, z_width),
        .gru_h = traj_param_mat(params, core->gru.weight_hh),
    };
    if (!core->latent) return w;
    const traj_mat prior = traj_graph_project(&core->prior, params);
    const traj_mat encoder = traj_graph_project(&core->encoder, params);
    w.prior_h = traj_mat_cols(prior, 0, width);
    w.prior_y = traj_mat_cols(prior, width, known);
    w.encoder_x = traj_mat_cols(encoder, 0, width);
    w.encoder_y = traj_mat_cols(encoder, width, known);
    w.encoder_h = traj_mat_cols(encoder, width + known, width);
    return w;
}

traj_mat traj_recurrent_skip(const traj_recurrent *core, traj_mat known)
{
    return core->residual ? traj_mat_cols(known, TRAJ_KNOWN_PREVIOUS, 2) : (traj_mat){0};
}
