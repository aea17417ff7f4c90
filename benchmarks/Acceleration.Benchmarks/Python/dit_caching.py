"""Whole requests of the sample DiT in PyTorch, with caches as their Python implementations have them: the other side of the `rivals` benchmark.

Arguments: checkpoint, folder. The folder holds request.json (time, alpha and sigma of each step and of its target, labels, the label of no class, guidance scale) and latents.f32. Reads lines `rule argument...`,
answers `milliseconds computed-steps`; the final latents go to folder/final.f32.

One decision for the whole batch, as these implementations take it:
  none
  fbcache THRESHOLD           First-Block Cache of ParaAttention and diffusers
  easycache THRESHOLD WARMUP  EasyCache, on the conditional rows
  taylor INTERVAL ORDER       TaylorSeer's differences on the last block's output (as "lite" modes have it)
  fora INTERVAL               attention and feed-forward outputs of every block, computed at intervals that are counted from the last step
"""
import itertools
import json
import sys
import time

import torch

from dit_forward import ATTENTIONS, GELUS, DiT, load


class Rule:
    """Computes everything."""

    def __init__(self):
        self.computed = 0

    def predict(self, net, step, steps, image, t, labels):
        x, m = net.enter(image, t, labels)
        return net.leave(self.blocks(net, step, steps, x, m), m)

    def blocks(self, net, step, steps, x, m):
        self.computed += 1
        for i in range(len(net.blocks)):
            x = net.block(x, m, i, *net.forms)
        return x


class FirstBlock(Rule):
    def __init__(self, threshold):
        super().__init__()
        self.threshold, self.first, self.rest = threshold, None, None

    def blocks(self, net, step, steps, x, m):
        before = x.clone()
        x = net.block(x, m, 0, *net.forms)
        first = x - before
        if self.first is not None and ((first - self.first).abs().mean() / self.first.abs().mean()).item() <= self.threshold:
            return x + self.rest
        self.computed += 1
        self.first, entered = first, x.clone()
        for i in range(1, len(net.blocks)):
            x = net.block(x, m, i, *net.forms)
        self.rest = x - entered
        return x


class Easy(Rule):
    def __init__(self, threshold, warmup):
        super().__init__()
        self.threshold, self.warmup = threshold, int(warmup)
        self.sum, self.rate, self.before, self.image, self.output, self.residual = 0.0, None, None, None, None, None

    def predict(self, net, step, steps, image, t, labels):
        half = image.shape[0] // 2
        now = image[:half]
        if self.warmup <= step < steps - 1 and self.rate is not None:
            self.sum += (self.rate * (now - self.before).abs().mean() / self.output.abs().mean()).item()
            if self.sum < self.threshold:
                self.before = now
                return image + self.residual
        self.sum = 0.0
        output = super().predict(net, step, steps, image, t, labels)
        epsilon = output[:, : image.shape[1]]
        if self.output is not None:
            self.rate = (epsilon[:half] - self.output).abs().mean() / (now - self.image).abs().mean()
        self.before, self.image, self.output, self.residual = now, now, epsilon[:half], epsilon - image
        return output


class Taylor(Rule):
    def __init__(self, interval, order):
        super().__init__()
        self.interval, self.order, self.at, self.factors = int(interval), int(order), None, []

    def blocks(self, net, step, steps, x, m):
        if step < 3 or (step - 3) % self.interval == 0:
            x = super().blocks(net, step, steps, x, m)
            factors = [x]
            for j in range(min(self.order, len(self.factors))):
                factors.append((factors[j] - self.factors[j]) / (step - self.at))
            self.factors, self.at = factors, step
            return x
        value, weight = self.factors[0], 1.0
        for j, factor in enumerate(self.factors[1:], 1):
            weight *= (step - self.at) / j
            value = value + weight * factor
        return value


class Fora(Rule):
    def __init__(self, interval):
        super().__init__()
        self.interval, self.kept = int(interval), {}

    def blocks(self, net, step, steps, x, m):
        fresh = step == 0 or (steps - 1 - step) % self.interval == 0
        self.computed += fresh
        for i in range(len(net.blocks)):
            if fresh:
                self.kept[i, 0] = net.attended(x, m, i, net.forms[0])
            x = x.addcmul_(self.kept[i, 0], m[4 + 6 * i])
            if fresh:
                self.kept[i, 1] = net.fed(x, m, i, net.forms[1])
            x = x.addcmul_(self.kept[i, 1], m[7 + 6 * i])
        return x


RULES = {"none": Rule, "fbcache": FirstBlock, "easycache": Easy, "taylor": Taylor, "fora": Fora}


def sample(net, request, latents, rule):
    rows, scale, points, steps = latents.shape[0], request["scale"], request["points"], len(request["points"])
    labels = torch.tensor(request["labels"] + [request["none"]] * rows)
    x = latents
    for step, (at, alpha, sigma, to_alpha, to_sigma) in enumerate(points):
        output = rule.predict(net, step, steps, torch.cat([x, x]), torch.full((2 * rows,), float(at)), labels)
        conditional, unconditional = output[:, : x.shape[1]].chunk(2)
        epsilon = unconditional + scale * (conditional - unconditional)
        x = to_alpha * ((x - sigma * epsilon) / alpha) + to_sigma * epsilon
    return x


def main(checkpoint, folder):
    metadata, weights = load(checkpoint)
    net = DiT(metadata, weights, torch.float32)
    with open(f"{folder}/request.json") as file:
        request = json.load(file)
    with open(f"{folder}/latents.f32", "rb") as file:
        latents = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).view(request["shape"])
    short = dict(request, points=request["points"][:1])
    best = {}
    for _ in range(3):
        for net.forms in itertools.product(ATTENTIONS, GELUS):
            start = time.perf_counter()
            sample(net, short, latents, Rule())
            best[net.forms] = min(best.get(net.forms, 1e9), time.perf_counter() - start)
    net.forms = min(best, key=best.get)
    print(torch.__version__, torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        name, *arguments = line.split()
        rule = RULES[name](*map(float, arguments))
        start = time.perf_counter()
        x = sample(net, request, latents, rule)
        milliseconds = (time.perf_counter() - start) * 1e3
        with open(f"{folder}/final.f32", "wb") as file:
            file.write(x.contiguous().numpy().tobytes())
        print(f"{milliseconds:.4f} {rule.computed}", flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        main(*sys.argv[1:])
