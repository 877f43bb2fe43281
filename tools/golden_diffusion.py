#!/usr/bin/env python3
"""Writes tests/golden/ddpm_*.safetensors and vdm_*.safetensors: what the diffusion models must
compute, by PyTorch.

The twin of src/model/ddpm.c and vdm.c, written from docs/mathematics and the papers: every
divergence by torch.distributions, every derivative (gamma'(t), too) by autograd, what is a constant
by detach(). Rules, noise and the graph layer are those of golden_dump.py.

    python3 tools/golden_diffusion.py [FOLDER]

P observed steps, H generated ones, T = P + H; W the tokens' width.
"""

from __future__ import annotations

import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from safetensors.torch import save_file
from torch.distributions import Normal
from torch.distributions import kl_divergence
from torch.nn.functional import linear, relu, softplus

import golden_dump as base

STREAM_DIFFUSION, STREAM_LEVEL = 9, 10
LEVEL_FEATURES = 32
GAMMA_UNITS, GAMMA_FIRST, GAMMA_LAST = 1024, -13.3, 10.0
SIMPLE_SHARE = 100  # of the simple loss in vdm's hybrid one
STRATA = 100  # of vdm's bound in continuous time
GOLDEN = (math.sqrt(5) - 1) / 2
COSINE, LEARNED, HYBRID, MONOTONE, PREDICT_V = 3, 2, 2, 2, 2
HYBRID_SHARE = 1e-3


@dataclass(frozen=True)
class Case:
    """One file: names as in traj_model_config, sizes, noise."""

    type: str
    hidden: int = 5
    width: int = 6
    blocks: int = 2
    horizon: int = 2
    attention: int = 0
    fourier: int = 0
    diffusion_steps: int = 0
    schedule: int = COSINE
    gamma: int = MONOTONE
    predict: int = PREDICT_V
    variance: int = 0
    loss: int = 0
    sample_steps: int = 3
    seed: int = 0x123456789ABCDEF
    noise_step: int = 3
    scenes: int = 2
    agents: int = 4
    steps: int = 5

    @property
    def observed(self):
        return self.steps - self.horizon

    @property
    def latent(self):
        return 0

    @property
    def graph(self):
        """The graph layer's sizes as golden_dump.py names them."""
        return SimpleNamespace(rounds=1, attention=self.attention, hidden=self.width,
                               agents=self.agents)


CASES = {
    "ddpm_learned": Case("ddpm", diffusion_steps=5, variance=LEARNED, loss=HYBRID, attention=2),
    "vdm_monotone": Case("vdm", fourier=1, loss=HYBRID),
}


# ---- parameters


def layer(name, outputs, inputs):
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def parameter_shapes(case):
    h, w, n = case.hidden, case.width, 2 * case.horizon
    outputs = n * (2 if case.type == "ddpm" and case.variance == LEARNED else 1)
    shapes = layer("past.phi.0", h, 2 + base.KNOWN) | layer("past.phi.1", h, h)
    shapes |= {"past.gru.weight_ih": (3 * h, h), "past.gru.weight_hh": (3 * h, h),
               "past.gru.bias_ih": (3 * h,), "past.gru.bias_hh": (3 * h,)}
    shapes |= base.graph_shapes(case.graph, "past.context", h + base.KNOWN, w)
    shapes |= layer("denoiser.level", w, LEVEL_FEATURES) | {"denoiser.context.weight": (w, w)}
    shapes |= layer("denoiser.input", w, n * (1 + 2 * case.fourier) + case.horizon)
    for k in range(case.blocks):
        film = f"denoiser.block{k}.film"
        shapes |= layer(f"{film}.in", w, w) | layer(f"{film}.condition", 2 * w, w)
        shapes |= layer(f"{film}.out", w, w)
        shapes |= base.graph_shapes(case.graph, f"denoiser.block{k}.graph", w, w)
    shapes |= layer("denoiser.output", outputs, w)
    if case.type == "vdm":
        shapes |= {"gamma.ends": (2,), "gamma.slope": (1,), "gamma.weight": (GAMMA_UNITS,),
                   "gamma.bias": (GAMMA_UNITS,), "gamma.out": (GAMMA_UNITS,)}
    return shapes


def make_parameters(case, rng):
    """Larger than at the start of a training, so that every path carries a signal; gamma bends."""
    parameters = {}
    for name, shape in parameter_shapes(case).items():
        bound = 3 if name.startswith("gamma.") else 1.5 / math.sqrt(shape[-1])
        value = base.exact_in_float(rng.uniform(-bound, bound, shape))
        if name == "gamma.ends":
            value = base.exact_in_float([-4.1, 7.3])
        parameters[name] = value.requires_grad_()
    return parameters


# ---- the network: docs/mathematics/denoiser.md


def past(case, p, data, b):
    """c [A,W]"""
    h = torch.zeros(case.agents, case.hidden)
    for t in range(case.observed):
        f = torch.cat([data["x"][t, b], data["known"][t, b]], 1)
        f = base.dense(p, "past.phi.1", base.dense(p, "past.phi.0", f))
        new = torch.gru_cell(f, h, p["past.gru.weight_ih"], p["past.gru.weight_hh"],
                             p["past.gru.bias_ih"], p["past.gru.bias_hh"])
        h = torch.where(data["target"][t, b][:, None] > 0, new, h)
    v = torch.cat([h, data["known"][case.observed, b]], 1)
    return graph(case, p, "past.context", v, data, b)


def graph(case, p, name, v, data, b):
    """One round of messages at the last observed frame."""
    t = case.observed
    return base.graph(case.graph, p, name, v, data["edge"][t, b], data["present"][t, b])


def dense(p, name, x):
    return linear(x, p[f"{name}.weight"], p[f"{name}.bias"])


def level_features(level):
    j = torch.arange(LEVEL_FEATURES // 2)
    angle = level * 1000 * 10000 ** (-2 * j / LEVEL_FEATURES)
    return torch.cat([angle.sin(), angle.cos()])


def network(case, p, data, b, y, mask, level, context):
    """y [A,2H], mask [A,H], level a number -> [A,outputs]"""
    s = relu(dense(p, "denoiser.level", level_features(level))
             + context @ p["denoiser.context.weight"].T)
    waves = [wave(2**f * math.pi * y) for f in range(case.fourier)
             for wave in (torch.sin, torch.cos)]
    v = dense(p, "denoiser.input", torch.cat([y, *waves, mask], 1))
    for k in range(case.blocks):
        film = f"denoiser.block{k}.film"
        a, d = dense(p, f"{film}.condition", s).chunk(2, 1)
        u = v + dense(p, f"{film}.out", relu((1 + a) * dense(p, f"{film}.in", v) + d))
        v = u + graph(case, p, f"denoiser.block{k}.graph", u, data, b)
    return dense(p, "denoiser.output", v)


# ---- futures and noise


def future(case, data, b):
    """y_0 [A,2H] and which entries count, [A,H] and [A,2H]"""
    x, target = data["x"][case.observed:, b], data["target"][case.observed:, b]
    mask = target.T
    return (x * target[..., None]).transpose(0, 1).flatten(1), mask, mask.repeat_interleave(2, 1)


def noise(case, data, b, time):
    return base.normal_rows(case, STREAM_DIFFUSION, int(data["scene"][b]), time, 2 * case.horizon)


def uniform(case, data, b):
    shift = base.uniform_of(base.words(case, STREAM_LEVEL, 0, 0, 0, 0)[0])
    return (shift + GOLDEN * int(data["scene"][b])) % 1.0


def jacobian(case, data):
    """The log-Jacobian to metres, and how many agent-steps count."""
    target = data["target"][case.observed:]
    return (target * data["log_scale"]).sum(), target.sum()


# ---- ddpm: docs/mathematics/ddpm.md; predict v, cosine schedule


def alphas_bar(case):
    """[K+1]"""
    steps = case.diffusion_steps
    f = [math.cos((k / steps + 0.008) / 1.008 * math.pi / 2) ** 2 for k in range(steps + 1)]
    bar = [1.0]
    for k in range(1, steps + 1):
        bar.append(bar[-1] * (1 - min(1 - f[k] / f[k - 1], 0.999)))
    return bar


def posterior(bar, j, k):
    """q(y_j | y_k, y_0): factors of y_0 and y_k, variance; and the variance of q(y_k | y_j)"""
    kept = bar[k] / bar[j]
    return (math.sqrt(bar[j]) * (1 - kept) / (1 - bar[k]),
            math.sqrt(kept) * (1 - bar[j]) / (1 - bar[k]),
            (1 - kept) * (1 - bar[j]) / (1 - bar[k]), 1 - kept)


def answer(case, p, data, b, k, y, mask, context):
    """v [A,2H] and the share of the larger variance [A,2H]"""
    out = network(case, p, data, b, y, mask, k / case.diffusion_steps, context)
    v, share = out.chunk(2, 1)
    return v, (share + 1) / 2


def spread(bar, j, k, share):
    """sd of p(y_j | y_k); q's at step 1 is 0, that of step 2 stands in"""
    _, _, small, large = posterior(bar, j, k)
    if k == 1:
        small = posterior(bar, 1, 2)[2]
    return (share * math.log(large) + (1 - share) * math.log(small)).exp().sqrt()


def ddpm_term(case, p, data, b, k, eps, context, constant_mean):
    """A step's nats, its squared error of v and that of eps: sums over a scene"""
    bar = alphas_bar(case)
    start, mask, counts = future(case, data, b)
    a, s = math.sqrt(bar[k]), math.sqrt(1 - bar[k])
    y = (a * start + s * eps) * counts
    v, share = answer(case, p, data, b, k, y, mask, context)
    guess = a * y - s * v
    guess = guess.detach() if constant_mean else guess
    sd = spread(bar, k - 1, k, share)
    if k == 1:
        nats = -Normal(guess, sd).log_prob(start)
    else:
        on_start, on_now, variance, _ = posterior(bar, k - 1, k)
        nats = kl_divergence(Normal(on_start * start + on_now * y, math.sqrt(variance)),
                             Normal(on_start * guess + on_now * y, sd))
    off = v - (a * eps - s * start)
    miss = (y - a * (a * y - s * v)) / s - eps
    return (nats * counts).sum(), (off**2 * counts).sum(), (miss**2 * counts).sum()


def ddpm_prior(case, data, b):
    bar = alphas_bar(case)[-1]
    start, _, counts = future(case, data, b)
    kl = kl_divergence(Normal(math.sqrt(bar) * start, math.sqrt(1 - bar)), Normal(0.0, 1.0))
    return (kl * counts).sum()


def ddpm_loss(case, p, data):
    nll = kl = objective = torch.zeros(())
    for b in range(case.scenes):
        k = 1 + int(case.diffusion_steps * uniform(case, data, b))
        nats, off, _ = ddpm_term(case, p, data, b, k, noise(case, data, b, 0),
                                 past(case, p, data, b), True)
        nats = case.diffusion_steps * nats
        nll, kl = (nll + nats, kl) if k == 1 else (nll, kl + nats)
        kl = kl + ddpm_prior(case, data, b)
        objective = objective + off / 2 + HYBRID_SHARE * nats
    return torch.stack([nll + jacobian(case, data)[0], kl, objective])


def ddpm_bound(case, p, data):
    nats, error = [], []
    for k in range(1, case.diffusion_steps + 1):
        terms = [ddpm_term(case, p, data, b, k, noise(case, data, b, k - 1),
                           past(case, p, data, b), True) for b in range(case.scenes)]
        nats.append(sum(t[0] for t in terms))
        error.append(sum(t[2] for t in terms))
    nats[0] = nats[0] + jacobian(case, data)[0]
    nats.append(sum(ddpm_prior(case, data, b) for b in range(case.scenes)))
    return torch.stack(nats), torch.stack(error + [torch.zeros(())])


def ddpm_sample(case, p, data, b):
    """The ancestral chain over K, (K+1)/2, 1; every entry counts. [A,2H]"""
    bar, mask = alphas_bar(case), torch.ones(case.agents, case.horizon)
    steps = [case.diffusion_steps, (case.diffusion_steps + 1) // 2, 1]
    context = past(case, p, data, b)
    y = noise(case, data, b, 0)
    for i, k in enumerate(steps):
        v, share = answer(case, p, data, b, k, y, mask, context)
        start = (math.sqrt(bar[k]) * y - math.sqrt(1 - bar[k]) * v).clamp(-10, 10)
        if k == 1:
            return start
        j = steps[i + 1]
        on_start, on_now, _, _ = posterior(bar, j, k)
        y = on_start * start + on_now * y \
            + spread(bar, j, k, share) * noise(case, data, b, i + 1)


# ---- vdm: docs/mathematics/vdm.md; predict v, monotone gamma, continuous time


def gamma_at(p, t):
    def n(t):
        units = softplus(p["gamma.out"]) * torch.sigmoid(softplus(p["gamma.weight"]) * t
                                                         + p["gamma.bias"])
        return softplus(p["gamma.slope"][0]) * t + units.mean()

    first, length = p["gamma.ends"][0], softplus(p["gamma.ends"][1])
    return first + length * (n(t) - n(0.0)) / (n(1.0) - n(0.0))


def gamma_slope(p, t):
    """gamma and gamma' at t, the latter differentiable once more"""
    t = torch.tensor(t, requires_grad=True)
    gamma = gamma_at(p, t)
    return gamma, torch.autograd.grad(gamma, t, create_graph=True)[0]


def alpha_sigma(gamma):
    return torch.sigmoid(-gamma).sqrt(), torch.sigmoid(gamma).sqrt()


def vdm_v(case, p, data, b, y, mask, gamma, context):
    level = (gamma - GAMMA_FIRST) / (GAMMA_LAST - GAMMA_FIRST)
    return network(case, p, data, b, y, mask, level, context)


def vdm_square(case, p, data, b, gamma, eps, context):
    """|eps - eps^|^2 at gamma: a sum over a scene"""
    start, mask, counts = future(case, data, b)
    alpha, sigma = alpha_sigma(gamma)
    y = (alpha * start + sigma * eps) * counts
    v = vdm_v(case, p, data, b, y, mask, gamma, context)
    return ((alpha * v + sigma * y - eps) ** 2 * counts).sum()


def vdm_term(case, p, data, b, t, eps, context):
    """gamma' |eps - eps^|^2 / 2 and |eps - eps^|^2 at t"""
    gamma, slope = gamma_slope(p, t)
    square = vdm_square(case, p, data, b, gamma, eps, context)
    return slope * square / 2, square


def vdm_lesson(case, p, data, b, t, eps, context):
    """What the hybrid loss adds for the network; gamma does not learn by it."""
    gamma, slope = (value.detach() for value in gamma_slope(p, t))
    square = vdm_square(case, p, data, b, gamma, eps, context)
    return SIMPLE_SHARE * torch.exp(gamma / 2) * slope * square / 2


def vdm_ends(case, p, data, b):
    """prior, reconstruction"""
    start, _, counts = future(case, data, b)
    alpha, sigma = alpha_sigma(gamma_at(p, 1.0))
    prior = kl_divergence(Normal(alpha * start, sigma), Normal(0.0, 1.0))
    # E_q[-log N(x; z_0 / alpha_0, exp(gamma_0))]: x is as far from z_0 / alpha_0 as its sd says
    alpha, sigma = alpha_sigma(gamma_at(p, 0.0))
    entropy = Normal(0.0, sigma / alpha).entropy()
    return (prior * counts).sum(), entropy * counts.sum()


def vdm_loss(case, p, data):
    nll = kl = lesson = torch.zeros(())
    for b in range(case.scenes):
        prior, reconstruction = vdm_ends(case, p, data, b)
        drawn = uniform(case, data, b), noise(case, data, b, 0), past(case, p, data, b)
        term, _ = vdm_term(case, p, data, b, *drawn)
        nll, kl = nll + reconstruction, kl + prior + term
        lesson = lesson + vdm_lesson(case, p, data, b, *drawn)
    return torch.stack([nll + jacobian(case, data)[0], kl, nll + kl + lesson])


def vdm_bound(case, p, data):
    contexts = [past(case, p, data, b) for b in range(case.scenes)]
    ends = [vdm_ends(case, p, data, b) for b in range(case.scenes)]
    nats, error = [sum(e[1] for e in ends) + jacobian(case, data)[0]], [torch.zeros(())]
    for i in range(STRATA):
        terms = [vdm_term(case, p, data, b, (i + uniform(case, data, b)) / STRATA,
                          noise(case, data, b, i), contexts[b]) for b in range(case.scenes)]
        nats.append(sum(t[0] for t in terms) / STRATA)
        error.append(sum(t[1] for t in terms))
    nats.append(sum(e[0] for e in ends))
    return torch.stack(nats), torch.stack(error + [torch.zeros(())])


def vdm_sample(case, p, data, b):
    """The ancestral chain over the steps u = 1, 2/3, 1/3: arctan(sigma / alpha) is u quarter turns,
    within gamma's ends. [A,2H]"""
    def gamma_of(u):
        angle = torch.tensor(u * math.pi / 2)
        wanted = 2 * torch.log(torch.tan(angle)) if u < 1 else gamma_at(p, 1.0)
        return torch.clamp(wanted, gamma_at(p, 0.0), gamma_at(p, 1.0))

    mask, context = torch.ones(case.agents, case.horizon), past(case, p, data, b)
    times = [1 - i / case.sample_steps for i in range(case.sample_steps)]
    y = noise(case, data, b, 0)
    for i, t in enumerate(times):
        gamma = gamma_of(t)
        alpha, sigma = alpha_sigma(gamma)
        start = alpha * y - sigma * vdm_v(case, p, data, b, y, mask, gamma, context)
        start = start.clamp(-10, 10)
        if i + 1 == len(times):
            return start
        alpha_s, sigma_s = alpha_sigma(gamma_of(times[i + 1]))
        ratio = alpha / alpha_s
        between = sigma**2 - ratio**2 * sigma_s**2  # sigma_{t|s}^2
        y = ratio * sigma_s**2 / sigma**2 * y + alpha_s * between / sigma**2 * start \
            + sigma_s * between.sqrt() / sigma * noise(case, data, b, i + 1)


# ---- the file


def dump(name, case, folder):
    rng = np.random.default_rng(list(CASES).index(name) + 101)
    data, p = base.make_inputs(case, rng), make_parameters(case, rng)
    loss_of, bound_of, sample_of = {"ddpm": (ddpm_loss, ddpm_bound, ddpm_sample),
                                    "vdm": (vdm_loss, vdm_bound, vdm_sample)}[case.type]
    tensors = {key: value for key, value in base.file_of(case, p, data).items()
               if not key.startswith("free_")}
    loss = loss_of(case, p, data)
    loss[2].backward()
    tensors["loss"] = loss
    # the inside of gamma learns another way
    tensors |= {f"grad/{key}": value.grad.clone() for key, value in p.items()
                if not key.startswith("gamma.") or key == "gamma.ends"}
    tensors["nats"], tensors["error"] = bound_of(case, p, data)
    x = torch.stack([sample_of(case, p, data, b) for b in range(case.scenes)])  # [B,A,2H]
    tensors["sample"] = x.flatten(0, 1).unflatten(1, (case.horizon, 2)).transpose(0, 1)
    path = folder / f"{name}.safetensors"
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, path,
              {key: str(value) for key, value in asdict(case).items()}
              | {"made_by": f"tools/golden_diffusion.py with torch {base.TORCH}"})
    print(f"{path}: {path.stat().st_size} bytes, loss {loss.tolist()}")


def main():
    if torch.__version__.split("+")[0] != base.TORCH:
        sys.exit(f"this needs torch {base.TORCH}, not {torch.__version__}: see golden_dump.py")
    torch.set_default_dtype(torch.float64)
    root = Path(__file__).resolve().parent.parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests" / "golden"
    for name, case in CASES.items():
        dump(name, case, folder)


if __name__ == "__main__":
    main()
