"""Networks of published sizes with random weights in PyTorch: the other side of the `networks` benchmark.

Arguments: sizes as JSON, file of weights or "-" to draw some, device, dtype. Reads lines: `eager TIMES` and `compiled TIMES` answer the milliseconds of that many passes
(`unavailable` where this PyTorch does not compile), `output PATH` writes the eager output as float32. The blocks are those of the networks' published code.
"""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

import dit_forward

SDPA = getattr(F, "scaled_dot_product_attention", None) or dit_forward.attention_composed


class Weights:
    def __init__(self, file, device, dtype):
        self.device, self.dtype = device, dtype
        self.stored = None if file == "-" else dit_forward.load(file)[1]

    def take(self, name, *shape, dtype=None):
        dtype = dtype or self.dtype
        if self.stored is not None:
            return self.stored[name].to(self.device, dtype)
        return torch.randn(shape, device=self.device, dtype=dtype) / math.sqrt(shape[-1])

    def linear(self, name, inputs, outputs):
        return self.take(name + ".weight", outputs, inputs), self.take(name + ".bias", outputs)


def rms(x, gain):
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-6)).to(x.dtype) * gain


def turn(x, cos, sin):
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2).to(x.dtype)


def modulated(x, shift, scale):
    return F.layer_norm(x, (x.shape[-1],), eps=1e-6) * (1 + scale) + shift


def gelu(x):
    return F.gelu(x, approximate="tanh")


class Flux:
    def __init__(self, size, w):
        self.width, self.heads, self.text = size["width"], size["heads"], size["text"]
        width, hidden, head = self.width, size["hidden"], self.width // self.heads
        tokens, rows = size["tokens"], size["rows"]

        def stream(name):
            return dict(
                modulation=w.linear(name + ".modulation", width, 6 * width), qkv=w.linear(name + ".qkv", width, 3 * width),
                q=w.take(name + ".q_gain", head), k=w.take(name + ".k_gain", head), projection=w.linear(name + ".projection", width, width),
                up=w.linear(name + ".up", width, hidden), down=w.linear(name + ".down", hidden, width))

        def joint(name):
            return dict(
                modulation=w.linear(name + ".modulation", width, 3 * width), first=w.linear(name + ".first", width, 3 * width + hidden),
                q=w.take(name + ".q_gain", head), k=w.take(name + ".k_gain", head), second=w.linear(name + ".second", width + hidden, width))

        self.double = [(stream(f"double.{i}.image"), stream(f"double.{i}.text")) for i in range(size["blocks"])]
        self.single = [joint(f"single.{i}") for i in range(size["single"])]
        self.hidden = hidden
        self.image = w.take("input.image", rows, tokens, width)
        self.context = w.take("input.text", rows, self.text, width)
        self.vector = w.take("input.vector", rows, width)
        self.cos = w.take("input.cos", tokens + self.text, head // 2, dtype=torch.float32)
        self.sin = w.take("input.sin", tokens + self.text, head // 2, dtype=torch.float32)

    def qkv(self, product, block):
        q, k, v = product.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind()
        return rms(q, block["q"]), rms(k, block["k"]), v

    def attend(self, q, k, v):
        return SDPA(turn(q, self.cos, self.sin), turn(k, self.cos, self.sin), v).transpose(1, 2).flatten(2)

    def forward(self):
        x, c, active = self.image, self.context, F.silu(self.vector)
        for image, text in self.double:
            mx = F.linear(active, *image["modulation"]).unsqueeze(1).chunk(6, -1)
            mc = F.linear(active, *text["modulation"]).unsqueeze(1).chunk(6, -1)
            px = self.qkv(F.linear(modulated(x, mx[0], mx[1]), *image["qkv"]), image)
            pc = self.qkv(F.linear(modulated(c, mc[0], mc[1]), *text["qkv"]), text)
            a = self.attend(*(torch.cat(pair, 2) for pair in zip(pc, px)))
            x = x + mx[2] * F.linear(a[:, self.text:], *image["projection"])
            c = c + mc[2] * F.linear(a[:, :self.text], *text["projection"])
            x = x + mx[5] * F.linear(gelu(F.linear(modulated(x, mx[3], mx[4]), *image["up"])), *image["down"])
            c = c + mc[5] * F.linear(gelu(F.linear(modulated(c, mc[3], mc[4]), *text["up"])), *text["down"])
        x = torch.cat([c, x], 1)
        for block in self.single:
            m = F.linear(active, *block["modulation"]).unsqueeze(1).chunk(3, -1)
            qkv, fed = F.linear(modulated(x, m[0], m[1]), *block["first"]).split([3 * self.width, self.hidden], -1)
            x = x + m[2] * F.linear(torch.cat([self.attend(*self.qkv(qkv, block)), gelu(fed)], 2), *block["second"])
        return x[:, self.text:]


class Wan:
    def __init__(self, size, w):
        self.width, self.heads, self.dtype = size["width"], size["heads"], w.dtype
        width, hidden, half = self.width, size["hidden"], self.width // self.heads // 2
        single = dict(dtype=torch.float32)

        def attention(name):
            parts = {p: w.linear(f"{name}.{p}", width, width) for p in ("q", "k", "v", "out")}
            return dict(parts, q_gain=w.take(name + ".q_gain", width), k_gain=w.take(name + ".k_gain", width))

        self.blocks = [dict(
            modulation=w.take(f"blocks.{i}.modulation", 6, width, **single).unsqueeze(0), self=attention(f"blocks.{i}.self"),
            gain=w.take(f"blocks.{i}.cross_gain", width, **single), bias=w.take(f"blocks.{i}.cross_bias", width, **single),
            cross=attention(f"blocks.{i}.cross"), up=w.linear(f"blocks.{i}.up", width, hidden), down=w.linear(f"blocks.{i}.down", hidden, width))
            for i in range(size["blocks"])]
        self.video = w.take("input.video", size["rows"], size["tokens"], width, **single)
        self.text = w.take("input.text", size["rows"], size["text"], width)
        self.time = w.take("input.time", size["rows"], 6, width, **single)
        self.cos = w.take("input.cos", size["tokens"], half, **single)
        self.sin = w.take("input.sin", size["tokens"], half, **single)

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def attend(self, x, context, block, turned):
        q, k, v = rms(F.linear(x, *block["q"]), block["q_gain"]), rms(F.linear(context, *block["k"]), block["k_gain"]), F.linear(context, *block["v"])
        q, k, v = self.split(q), self.split(k), self.split(v)
        if turned:
            q, k = turn(q, self.cos, self.sin), turn(k, self.cos, self.sin)
        return F.linear(SDPA(q, k, v).transpose(1, 2).flatten(2), *block["out"])

    def forward(self):
        x = self.video
        for b in self.blocks:
            m = (b["modulation"] + self.time).chunk(6, 1)
            h = modulated(x, m[0], m[1]).to(self.dtype)
            x = x + m[2] * self.attend(h, h, b["self"], True)
            asked = F.layer_norm(x, (self.width,), b["gain"], b["bias"], 1e-6).to(self.dtype)
            x = x + self.attend(asked, self.text, b["cross"], False)
            h = modulated(x, m[3], m[4]).to(self.dtype)
            x = x + m[5] * F.linear(gelu(F.linear(h, *b["up"])), *b["down"])
        return x


class DiT:
    def __init__(self, file, size, device, dtype):
        metadata, weights = dit_forward.load(file)
        self.network = dit_forward.DiT(metadata, weights, dtype).to(device)
        side = int(metadata["input_size"])
        self.image = torch.randn(size["rows"], int(metadata["in_channels"]), side, side, generator=torch.Generator().manual_seed(1)).to(device)
        self.times = torch.full((size["rows"],), 500.0, device=device)
        self.labels = torch.arange(size["rows"], device=device)

    def forward(self):
        return self.network.forward(self.image, self.times, self.labels, SDPA, gelu)


def main(size, file, device, dtype):
    size, dtype = json.loads(size), getattr(torch, dtype)
    if size["name"] == "dit":
        network = DiT(file, size, device, dtype)
    else:
        network = (Flux if size["name"] == "flux" else Wan)(size, Weights(file, device, dtype))
    forms = {"eager": network.forward}
    if hasattr(torch, "compile"):
        forms["compiled"] = torch.compile(network.forward)
    name = torch.cuda.get_device_name(device) if device.startswith("cuda") else "the CPU"
    print(torch.__version__, "on", name, flush=True)

    def run(form):
        start = time.perf_counter()
        form()
        if device.startswith("cuda"):
            torch.cuda.synchronize(device)
        return (time.perf_counter() - start) * 1e3

    for line in sys.stdin:
        word, value = line.split(maxsplit=1)
        if word == "output":
            with open(value.strip(), "wb") as file:
                file.write(network.forward().float().cpu().contiguous().numpy().tobytes())
            print("written", flush=True)
        elif word in forms:
            print(*[f"{run(forms[word]):.4f}" for _ in range(int(value))], flush=True)
        else:
            print("unavailable", flush=True)


if __name__ == "__main__":
    with torch.no_grad():
        main(*sys.argv[1:])
