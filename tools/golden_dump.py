#!/usr/bin/env python3
"""Writes tests/golden/*.safetensors: what the recurrent models must compute, by PyTorch.

The twin of src/model and src/nn, written from docs/mathematics and kept slow and obvious: scene by
scene, step by step, pair by pair, with PyTorch's own GRU cell, distributions, derivatives and
optimiser, all in double. It shares no line with the C code and no trick of it.

    pip install torch==2.2.2 'numpy<2' safetensors
    python3 tools/golden_dump.py [FOLDER]

Weights and inputs are exact in float, so both builds start at the same point. The noise is the
one of include/traj/base/noise.h, made again here; the test compares that first.

B scenes, A agents, R = B*A rows, T steps, H hidden, Z latent, E edge features.
"""

from __future__ import annotations

import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal, Normal
from torch.distributions import kl_divergence
from torch.nn.functional import linear, relu, softplus

TORCH = "2.2.2"
STEPS = 10  # of the optimiser
KNOWN, PREVIOUS, EDGE = 16, slice(2, 4), 10
DIAGONAL, BIVARIATE, MIXTURE = 0, 1, 2
STREAM_LATENT, STREAM_OUTPUT, STREAM_COMPONENT = 4, 5, 8
WORD = 0xFFFFFFFF


@dataclass(frozen=True)
class Case:
    """One file: the model (names as in traj_model_config), the objective, the optimiser, sizes."""

    type: str
    hidden: int
    latent: int = 0
    rounds: int = 0
    attention: int = 0
    output: int = BIVARIATE
    components: int = 1
    sd_floor: float = 1e-3
    residual: int = 1
    kl_weight: float = 1.0
    free_bits: float = 0.0
    lr: float = 5e-3
    beta1: float = 0.9
    beta2: float = 0.99
    epsilon: float = 1e-8
    decay: float = 0.05
    seed: int = 0x123456789ABCDEF  # both words of the noise's key are used
    noise_step: int = 3
    scenes: int = 2
    agents: int = 4
    steps: int = 5


CASES = {
    "rnn_bivariate": Case("rnn", hidden=7),
    "vrnn_diagonal": Case("vrnn", hidden=8, latent=3, output=DIAGONAL, residual=0,
                          kl_weight=0.7, free_bits=0.6, beta2=0.999),
    "vrnn_mixture": Case("vrnn", hidden=7, latent=5, output=MIXTURE, components=3, decay=0),
    "gvrnn_bivariate": Case("gvrnn", hidden=8, latent=3, rounds=1),
    "gvrnn_attention": Case("gvrnn", hidden=5, latent=2, rounds=2, attention=3, sd_floor=0.05,
                            kl_weight=0.4, epsilon=1e-4, scenes=1, agents=5, steps=6),
}


# ---- noise: Philox4x32-10 (Salmon et al. 2011), then Box and Muller


def philox(counter, key):
    """The four 32-bit words of a counter of four under a key of two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        even, odd = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = odd >> 32 ^ c1 ^ k0, odd & WORD, even >> 32 ^ c3 ^ k1, even & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


def words(case, stream, scene, time, agent, block):
    counter = (stream << 24 | block << 16 | agent, time, scene, case.noise_step)
    return philox(counter, (case.seed & WORD, case.seed >> 32))


def uniform_of(word):
    return (word >> 8) * 2.0**-24


def normals(case, stream, scene, time, agent, count):
    out = []
    for block in range((count + 3) // 4):
        w = words(case, stream, scene, time, agent, block)
        for first in (0, 2):
            radius = math.sqrt(-2 * math.log(((w[first] >> 1) + 0.5) * 2.0**-31))
            angle = 2 * math.pi * uniform_of(w[first + 1])
            out += [radius * math.cos(angle), radius * math.sin(angle)]
    return out[:count]


def normal_rows(case, stream, scene, time, count):
    """[A,count]"""
    return torch.tensor([normals(case, stream, scene, time, a, count) for a in range(case.agents)])


# ---- inputs


def exact_in_float(array):
    return torch.tensor(np.asarray(array, dtype=np.float32).astype(np.float64))


def make_presence(case):
    """[T,B,A]: in the first scene the last agent never comes; in the last scene the first leaves
    for some steps and returns, and at step 1 only the second is there, without any sender."""
    present = np.ones((case.steps, case.scenes, case.agents))
    present[:, 0, -1] = 0
    present[2:4, -1, 0] = 0
    present[1, -1, 2:] = 0
    present[1, -1, 0] = 0
    return torch.tensor(present)


def make_targets(case, present):
    """[T,B,A]: who is present and steps to the next frame. Those who leave do not, nor does, in the
    last scene at step 3, the second agent, who jumps."""
    leaves = torch.ones_like(present)
    leaves[:-1] = present[1:]
    target = present * leaves
    target[3, -1, 1] = 0
    return target


def make_frames(case, rng, present):
    """known [T,B,A,16] and edge [T,B,A,A,10] for present [T,B,A]: zero for absent agents."""
    t, b, a = present.shape
    known = np.concatenate([rng.uniform(-1, 1, (t, b, a, 2)), rng.normal(size=(t, b, a, 2)),
                            np.eye(5)[rng.integers(0, 5, (t, b, a))], np.ones((t, b, a, 2)),
                            rng.normal(size=(t, b, a, 5)) * 0.7], -1)
    edge = rng.normal(size=(t, b, a, a, EDGE)) * 0.7
    pair = present[..., :, None] * present[..., None, :] * (1 - torch.eye(a))
    return exact_in_float(known) * present[..., None], exact_in_float(edge) * pair[..., None]


def make_inputs(case, rng):
    present = make_presence(case)
    target = make_targets(case, present)
    known, edge = make_frames(case, rng, present)
    free_known, free_edge = make_frames(case, rng, present[-1:])
    scene = [7 + 100000 * b for b in range(case.scenes)]
    eps = torch.zeros(case.steps, case.scenes, case.agents, 0)
    if case.latent:
        eps = torch.stack([torch.stack([normal_rows(case, STREAM_LATENT, s, t, case.latent)
                                        for s in scene]) for t in range(case.steps)])
    x = exact_in_float(rng.normal(size=(case.steps, case.scenes, case.agents, 2)))
    return {
        "x": x * target[..., None], "known": known, "edge": edge,
        "present": present, "target": target,
        "log_scale": exact_in_float(rng.normal(size=(case.scenes, case.agents))),
        "scene": torch.tensor(scene), "eps": eps,
        "free_known": free_known[0], "free_edge": free_edge[0],
    }


# ---- parameters


def graph_shapes(case, prefix, inputs, outputs):
    h, k = case.hidden, case.attention
    shapes = {}
    for r in range(max(case.rounds, 1)):
        name, width = (f"{prefix}.round{r}", h) if r else (prefix, inputs)
        shapes |= {f"{name}.node.weight": (h, width), f"{name}.node.bias": (h,)}
        if case.rounds:
            shapes |= {f"{name}.edge.sender.weight": (h, width), f"{name}.edge.sender.bias": (h,),
                       f"{name}.edge.receiver.weight": (h, width),
                       f"{name}.edge.feature.weight": (h, EDGE),
                       f"{name}.message.weight": (h, h), f"{name}.aggregate.weight": (h, h)}
        if case.rounds and k:
            shapes |= {f"{name}.attention.query.weight": (k, width),
                       f"{name}.attention.key.weight": (k, width)}
    return shapes | {f"{prefix}.head.weight": (outputs, h), f"{prefix}.head.bias": (outputs,)}


def output_width(case):
    return {DIAGONAL: 4, BIVARIATE: 5, MIXTURE: 7 * case.components}[case.output]


def parameter_shapes(case):
    h, z = case.hidden, case.latent
    h_z = h if z else 0  # the width of phi_z(z)
    shapes = {"phi_x.0.weight": (h, 2), "phi_x.0.bias": (h,),
              "phi_x.1.weight": (h, h), "phi_x.1.bias": (h,)}
    if z:
        shapes |= {"phi_z.0.weight": (h, z), "phi_z.0.bias": (h,)}
        shapes |= graph_shapes(case, "prior", h + KNOWN, 2 * z)
        shapes |= graph_shapes(case, "encoder", h + KNOWN + h, 2 * z)
    shapes |= graph_shapes(case, "decoder", h_z + KNOWN + h, output_width(case))
    return shapes | {"gru.weight_ih": (3 * h, h + h_z), "gru.weight_hh": (3 * h, h),
                     "gru.bias_ih": (3 * h,), "gru.bias_hh": (3 * h,)}


def make_parameters(case, rng):
    """Larger than at the start of a training, so that every path carries a signal."""
    parameters = {}
    for name, shape in parameter_shapes(case).items():
        bound = 1.5 / math.sqrt(shape[-1])
        value = exact_in_float(rng.uniform(-bound, bound, shape))
        parameters[name] = value.requires_grad_()
    return parameters


# ---- the model: docs/mathematics/vrnn.md and gvrnn.md


def dense(p, name, x):
    return relu(linear(x, p[f"{name}.weight"], p[f"{name}.bias"]))


def message(p, name, v_j, v_i, f_ij):
    """m_ij = act(W_s v_j + W_r v_i + W_e f_ij + b)"""
    weight = torch.cat([p[f"{name}.edge.sender.weight"], p[f"{name}.edge.receiver.weight"],
                        p[f"{name}.edge.feature.weight"]], 1)
    return relu(linear(torch.cat([v_j, v_i, f_ij]), weight, p[f"{name}.edge.sender.bias"]))


def weights_over_senders(case, p, name, v, i, senders):
    if not case.attention:
        return [1 / len(senders)] * len(senders)
    query = p[f"{name}.attention.query.weight"] @ v[i]
    keys = torch.stack([p[f"{name}.attention.key.weight"] @ v[j] for j in senders])
    return torch.softmax(keys @ query / math.sqrt(case.attention), 0)


def message_round(case, p, name, v, edge, present):
    """o_i = act(W_u v_i + W_a W_m sum_j w_ij m_ij + b_u); v [A,.]"""
    rows = []
    for i in range(case.agents):
        senders = [j for j in range(case.agents) if j != i and present[i] and present[j]]
        mean = torch.zeros(case.hidden)  # what stays without senders
        if senders:
            share = weights_over_senders(case, p, name, v, i, senders)
            mean = sum(w * message(p, name, v[j], v[i], edge[i, j])
                       for w, j in zip(share, senders))
        m_i = p[f"{name}.message.weight"] @ mean
        u_i = linear(v[i], p[f"{name}.node.weight"], p[f"{name}.node.bias"])
        rows.append(relu(u_i + p[f"{name}.aggregate.weight"] @ m_i))
    return torch.stack(rows)


def graph(case, p, prefix, v, edge, present):
    """Stands for phi_prior, phi_enc, phi_dec: a perceptron, or rounds of messages; then a head."""
    if not case.rounds:
        v = dense(p, f"{prefix}.node", v)
    for r in range(case.rounds):
        v = message_round(case, p, f"{prefix}.round{r}" if r else prefix, v, edge, present)
    return linear(v, p[f"{prefix}.head.weight"], p[f"{prefix}.head.bias"])


def latent_of(case, raw):
    mean, s = raw.chunk(2, -1)
    return Normal(mean, softplus(s) + case.sd_floor)


def bivariate(case, raw, skip):
    """raw [...,5] = mu_1 mu_2 s_1 s_2 c"""
    sd = softplus(raw[..., 2:4]) + case.sd_floor
    cross = 0.999 * torch.tanh(raw[..., 4]) * sd[..., 0] * sd[..., 1]
    covariance = torch.stack([torch.stack([sd[..., 0] ** 2, cross], -1),
                              torch.stack([cross, sd[..., 1] ** 2], -1)], -2)
    return MultivariateNormal(raw[..., :2] + skip, covariance)


def output_of(case, raw, known):
    """p(x) of the agents [A]; with `residual` relative to the previous displacement."""
    skip = known[:, PREVIOUS] if case.residual else torch.zeros(case.agents, 2)
    if case.output == DIAGONAL:
        sd = softplus(raw[:, 2:]) + case.sd_floor
        return MultivariateNormal(raw[:, :2] + skip, torch.diag_embed(sd**2))
    if case.output == BIVARIATE:
        return bivariate(case, raw, skip)
    raw = raw.reshape(case.agents, case.components, 7)  # weight, mu_1 mu_2 s_1 s_2 c, carry
    return MixtureSameFamily(Categorical(logits=raw[..., 0]),
                             bivariate(case, raw[..., 1:6], (1 + raw[..., 6:]) * skip[:, None, :]))


def phi_x(p, x):
    return dense(p, "phi_x.1", dense(p, "phi_x.0", x))


def prior_of(case, p, known, h, edge, present):  # (1)
    return latent_of(case, graph(case, p, "prior", torch.cat([h, known], 1), edge, present))


def encoder_of(case, p, x, known, h, edge, present):  # (2)
    v = torch.cat([phi_x(p, x), known, h], 1)
    return latent_of(case, graph(case, p, "encoder", v, edge, present))


def feature_of(case, p, z):
    return dense(p, "phi_z.0", z) if case.latent else torch.zeros(case.agents, 0)


def decoder_of(case, p, feature, known, h, edge, present):  # (4)
    v = torch.cat([feature, known, h], 1)
    return output_of(case, graph(case, p, "decoder", v, edge, present), known)


def recurrence(p, x, feature, h, target):  # (5)
    new = torch.gru_cell(torch.cat([phi_x(p, x), feature], 1), h, p["gru.weight_ih"],
                         p["gru.weight_hh"], p["gru.bias_ih"], p["gru.bias_hh"])
    return torch.where(target[:, None] > 0, new, h)  # without a step the state waits


def score(case, p, data):
    """Sums over the agent-steps (KL: over the present agents), the scenes' log importance weights,
    the last state."""
    nll = kl_sum = objective = count = 0
    log_weight, states, smallest_gap = [], [], math.inf
    for b in range(case.scenes):
        h, ratio = torch.zeros(case.agents, case.hidden), 0
        for t in range(case.steps):
            x, known, edge = data["x"][t, b], data["known"][t, b], data["edge"][t, b]
            present, target = data["present"][t, b], data["target"][t, b]
            kl, z_ratio, z = torch.zeros(case.agents), torch.zeros(case.agents), None
            if case.latent:
                q = encoder_of(case, p, x, known, h, edge, present)
                prior = prior_of(case, p, known, h, edge, present)
                z = q.mean + q.stddev * data["eps"][t, b]  # (3)
                kl = kl_divergence(q, prior).sum(-1)
                z_ratio = (prior.log_prob(z) - q.log_prob(z)).sum(-1)
            feature = feature_of(case, p, z)
            minus_log = -decoder_of(case, p, feature, known, h, edge, present).log_prob(x)
            metres = minus_log + data["log_scale"][b]
            here, steps = present > 0, target > 0
            nll += metres[steps].sum()
            kl_sum += kl[here].sum()
            cost = torch.clamp(kl[here], min=case.free_bits)
            objective += minus_log[steps].sum() + case.kl_weight * cost.sum()
            ratio += z_ratio[here].sum() - metres[steps].sum()
            count += int(steps.sum())
            if case.free_bits:
                smallest_gap = min(smallest_gap, *(kl[here] - case.free_bits).abs().tolist())
            h = recurrence(p, x, feature, h, target)
        log_weight.append(ratio)
        states.append(h)
    assert smallest_gap > 1e-4, "a KL so near the free bits could fall on either side in float"
    return {"nll": nll, "kl": kl_sum, "objective": objective, "count": count,
            "log_weight": torch.stack(log_weight), "state": torch.stack(states)}


def draw(case, output, scene):
    """x [A,2] as traj_output_sample draws it: a component by one uniform, then mu + L normal."""
    normal = normal_rows(case, STREAM_OUTPUT, scene, case.steps, 2)
    rows = []
    for a in range(case.agents):
        if case.output == MIXTURE:
            uniform = uniform_of(words(case, STREAM_COMPONENT, scene, case.steps, a, 0)[0])
            shares = output.mixture_distribution.probs[a].cumsum(0)
            assert (shares - uniform).abs().min() > 1e-4, "a draw on the edge of a component"
            g = min(int((shares <= uniform).sum()), case.components - 1)
            mean = output.component_distribution.mean[a, g]
            covariance = output.component_distribution.covariance_matrix[a, g]
        else:
            mean, covariance = output.mean[a], output.covariance_matrix[a]
        rows.append(mean + torch.linalg.cholesky(covariance) @ normal[a])
    return torch.stack(rows)


def generate(case, p, data, states):
    """One free step behind the observed ones: the decoder's mean, a draw, the state after it."""
    means, draws, after = [], [], []
    for b in range(case.scenes):
        scene, h, present = int(data["scene"][b]), states[b], data["present"][-1, b]
        known, edge = data["free_known"][b], data["free_edge"][b]
        z = None
        if case.latent:
            prior = prior_of(case, p, known, h, edge, present)
            eps = normal_rows(case, STREAM_LATENT, scene, case.steps, case.latent)
            z = prior.mean + prior.stddev * eps
        feature = feature_of(case, p, z)
        output = decoder_of(case, p, feature, known, h, edge, present)
        x = draw(case, output, scene) * present[:, None]
        means.append(output.mean * present[:, None])
        draws.append(x)
        after.append(recurrence(p, x, feature, h, present))
    return {"free_mean": torch.stack(means), "free_draw": torch.stack(draws),
            "free_state": torch.stack(after)}


# ---- the optimiser and the file


def train(case, p, data):
    """The mean objective before each of ten steps; p moves. Decay on matrices only."""
    matrices = [v for v in p.values() if v.dim() == 2]
    vectors = [v for v in p.values() if v.dim() == 1]
    adam = torch.optim.AdamW([{"params": matrices, "weight_decay": case.decay},
                              {"params": vectors, "weight_decay": 0}],
                             lr=case.lr, betas=(case.beta1, case.beta2), eps=case.epsilon)
    losses = []
    for _ in range(STEPS):
        adam.zero_grad()
        sums = score(case, p, data)
        mean = sums["objective"] / sums["count"]
        mean.backward()
        adam.step()
        losses.append(mean.item())
    return torch.tensor(losses)


def rows_of(tensor, leading):
    """Joins the axes of scene and agent behind `leading` ones: [.., B, A, .] -> [.., R, .]."""
    return tensor.flatten(leading, leading + 1)


def file_of(case, p, data):
    """Everything but the gradients and the trained weights; inputs and weights as float."""
    inputs = {"x": rows_of(data["x"], 1), "known": rows_of(data["known"], 1),
              "edge": data["edge"].flatten(0, 1), "present": rows_of(data["present"], 1),
              "target": rows_of(data["target"], 1),
              "log_scale": rows_of(data["log_scale"], 0),
              "free_known": rows_of(data["free_known"], 0), "free_edge": data["free_edge"]}
    tensors = {name: value.float() for name, value in inputs.items()}
    tensors |= {f"param/{name}": value.detach().float() for name, value in p.items()}
    tensors["scene"] = data["scene"]
    if case.latent:
        tensors["eps"] = rows_of(data["eps"], 1)
    return tensors


def dump(name, case, folder):
    rng = np.random.default_rng(list(CASES).index(name) + 1)
    data, p = make_inputs(case, rng), make_parameters(case, rng)
    tensors = file_of(case, p, data)
    sums = score(case, p, data)
    sums["objective"].backward()
    tensors["loss"] = torch.stack([sums["nll"], torch.as_tensor(sums["kl"]), sums["objective"]])
    tensors["log_weight"] = sums["log_weight"]
    tensors["state"] = rows_of(sums["state"], 0)
    free = generate(case, p, data, sums["state"])
    tensors |= {key: rows_of(value, 0) for key, value in free.items()}
    tensors |= {f"grad/{key}": value.grad.clone() for key, value in p.items()}
    tensors["losses"] = train(case, p, data)
    tensors |= {f"after/{key}": value for key, value in p.items()}
    path = folder / f"{name}.safetensors"
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, path,
              {key: str(value) for key, value in asdict(case).items()}
              | {"made_by": f"tools/golden_dump.py with torch {TORCH}"})
    print(f"{path}: {path.stat().st_size} bytes")


def main():
    if torch.__version__.split("+")[0] != TORCH:
        sys.exit(f"this needs torch {TORCH}, not {torch.__version__}: see the head of this file")
    torch.set_default_dtype(torch.float64)
    assert philox((0,) * 4, (0,) * 2) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    root = Path(__file__).resolve().parent.parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests" / "golden"
    for name, case in CASES.items():
        dump(name, case, folder)


if __name__ == "__main__":
    main()
