"""Forward pass of the sample DiT in PyTorch, as fast as its operators allow: the other side of the `forward` benchmark.

Arguments: checkpoint folder. Reads lines `dtype batch times` (float32 or bfloat16), answers the milliseconds of that many forward passes,
separated by spaces. Inputs are read from folder/input-BATCH.f32, the first output goes to folder/output-DTYPE-BATCH.f32.
The forms of attention and GELU are those that were faster when a dtype and batch were first asked for.
"""
import json
import math
import struct
import sys
import time
from itertools import product

import torch
import torch.nn.functional as F


def load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    types = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=types[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).float()
    return metadata, tensors


def sine_cosine(width, side, trained):
    centres = (torch.arange(side, dtype=torch.float64) + 0.5) * trained / side - 0.5
    frequencies = torch.exp(torch.arange(width // 4, dtype=torch.float64) * (-math.log(10000) / (width // 4)))
    axis = torch.outer(centres, frequencies)
    axis = torch.cat([axis.sin(), axis.cos()], 1)
    x = axis.unsqueeze(0).expand(side, side, -1)
    y = axis.unsqueeze(1).expand(side, side, -1)
    return torch.cat([x, y], 2).reshape(side * side, width).float()


def gelu_tanh(x):
    return F.gelu(x, approximate="tanh")


def gelu_sigmoid(x):
    y = x * x
    return y.mul_(0.0713548162726).add_(1.5957691216057).mul_(x).sigmoid_().mul_(x)


def attention_composed(q, k, v):
    rows, heads, tokens, size = q.shape
    q, k, v = (t.reshape(rows * heads, -1, size) for t in (q, k, v))
    unused = torch.empty(1, 1, 1, dtype=q.dtype, device=q.device)
    scores = torch.baddbmm(unused, q, k.transpose(1, 2), beta=0, alpha=1 / math.sqrt(size))
    return torch.bmm(scores.softmax(-1), v).view(rows, heads, tokens, size)


def attention_in_pieces(q, k, v):
    """Scores of one head and 256 queries at a time stay in the cache, where those of a long sequence do not."""
    rows, heads, tokens, size = q.shape
    q, k, v = ((t * (1 / math.sqrt(size)) if t is q else t).reshape(rows * heads, -1, size) for t in (q, k, v))
    out = torch.empty_like(q)
    for head in range(rows * heads):
        for first in range(0, tokens, 256):
            part = slice(first, first + 256)
            out[head, part] = torch.mm(torch.mm(q[head, part], k[head].t()).softmax(-1), v[head])
    return out.view(rows, heads, tokens, size)


ATTENTIONS = [attention_composed, attention_in_pieces] + ([F.scaled_dot_product_attention] if hasattr(F, "scaled_dot_product_attention") else [])
GELUS = [gelu_tanh, gelu_sigmoid]


class DiT:
    def __init__(self, metadata, w, dtype):
        self.width = int(metadata["hidden_size"])
        self.heads = int(metadata["num_heads"])
        self.patch = int(metadata["patch_size"])
        side = int(metadata["input_size"]) // self.patch
        depth = int(metadata["depth"])
        self.dtype = dtype
        self.w = w
        self.positions = sine_cosine(self.width, side, side)
        self.frequencies = torch.exp(torch.arange(128, dtype=torch.float64) * (-math.log(10000) / 128))
        # One product makes the modulation of all blocks; the 1 of (1 + scale) goes into its bias.
        names = ["final_layer"] + [f"blocks.{i}" for i in range(depth)]
        self.modulation = torch.cat([w[f"{n}.adaLN_modulation.1.weight"] for n in names])
        bias = torch.cat([w[f"{n}.adaLN_modulation.1.bias"] for n in names]).view(-1, self.width)
        bias[1] += 1
        for part in range(2, 2 + 6 * depth, 6):
            bias[part + 1] += 1
            bias[part + 4] += 1
        self.modulation_bias = bias.view(-1)
        parts = ("attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2")
        self.blocks = [[(w[f"blocks.{i}.{p}.weight"].to(dtype), w[f"blocks.{i}.{p}.bias"].to(dtype)) for p in parts] for i in range(depth)]

    def to(self, device):
        for name in ("positions", "frequencies", "modulation", "modulation_bias"):
            setattr(self, name, getattr(self, name).to(device))
        self.w = {name: tensor.to(device) for name, tensor in self.w.items()}
        self.blocks = [[(weight.to(device), bias.to(device)) for weight, bias in block] for block in self.blocks]
        return self

    def norm(self, x, shift, scale):
        return torch.addcmul(shift, F.layer_norm(x, (self.width,), eps=1e-6), scale)

    def enter(self, image, t, labels):
        """Tokens, and the modulation of all blocks."""
        w, rows = self.w, image.shape[0]
        phase = t.double().unsqueeze(1) * self.frequencies
        c = F.linear(torch.cat([phase.cos(), phase.sin()], 1).float(), w["t_embedder.mlp.0.weight"], w["t_embedder.mlp.0.bias"])
        c = F.linear(F.silu(c), w["t_embedder.mlp.2.weight"], w["t_embedder.mlp.2.bias"])
        c = F.silu(c + w["y_embedder.embedding_table.weight"][labels])
        m = F.linear(c, self.modulation, self.modulation_bias).view(rows, -1, 1, self.width).unbind(1)
        x = F.conv2d(image, w["x_embedder.proj.weight"], w["x_embedder.proj.bias"], stride=self.patch)
        return x.flatten(2).transpose(1, 2) + self.positions, m

    def attended(self, x, m, i, attention):
        (qkv, proj, _, _), rows = self.blocks[i], x.shape[0]
        h = F.linear(self.norm(x, m[2 + 6 * i], m[3 + 6 * i]).to(self.dtype), *qkv)
        q, k, v = h.view(rows, -1, 3, self.heads, self.width // self.heads).permute(2, 0, 3, 1, 4).unbind()
        return F.linear(attention(q, k, v).transpose(1, 2).reshape(rows, -1, self.width), *proj).float()

    def fed(self, x, m, i, gelu):
        _, _, up, down = self.blocks[i]
        return F.linear(gelu(F.linear(self.norm(x, m[5 + 6 * i], m[6 + 6 * i]).to(self.dtype), *up)), *down).float()

    def block(self, x, m, i, attention, gelu):
        """Adds to x in place."""
        x = x.addcmul_(self.attended(x, m, i, attention), m[4 + 6 * i])
        return x.addcmul_(self.fed(x, m, i, gelu), m[7 + 6 * i])

    def leave(self, x, m):
        w, rows, side = self.w, x.shape[0], int(x.shape[1] ** 0.5)
        x = F.linear(self.norm(x, m[0], m[1]), w["final_layer.linear.weight"], w["final_layer.linear.bias"])
        x = x.view(rows, side, side, self.patch, self.patch, -1)
        return x.permute(0, 5, 1, 3, 2, 4).reshape(rows, -1, side * self.patch, side * self.patch)

    def forward(self, image, t, labels, attention, gelu):
        x, m = self.enter(image, t, labels)
        for i in range(len(self.blocks)):
            x = self.block(x, m, i, attention, gelu)
        return self.leave(x, m)


class Case:
    def __init__(self, network, folder, dtype, batch):
        side = int(network.positions.shape[0] ** 0.5) * network.patch
        with open(f"{folder}/input-{batch}.f32", "rb") as file:
            self.image = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).view(batch, -1, side, side)
        self.t = torch.full((batch,), 500.0)
        self.labels = torch.arange(batch) % 10
        self.network = network
        best = {}
        # The whole scores of a long sequence would take gigabytes.
        attentions = [a for a in ATTENTIONS if a is not attention_composed] if network.positions.shape[0] > 2048 else ATTENTIONS
        for _ in range(3):
            for forms in product(attentions, GELUS):
                best[forms] = min(best.get(forms, math.inf), self.time(forms))
        self.forms = min(best, key=best.get)
        with open(f"{folder}/output-{dtype}-{batch}.f32", "wb") as file:
            file.write(self.run(self.forms).contiguous().numpy().tobytes())

    def run(self, forms):
        return self.network.forward(self.image, self.t, self.labels, *forms)

    def time(self, forms=None):
        start = time.perf_counter()
        self.run(forms or self.forms)
        return (time.perf_counter() - start) * 1e3


def main(checkpoint, folder):
    metadata, weights = load(checkpoint)
    networks = {name: DiT(metadata, weights, getattr(torch, name)) for name in ("float32", "bfloat16")}
    cases = {}
    print(torch.__version__, torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        dtype, batch, times = line.split()
        key = (dtype, int(batch))
        if key not in cases:
            cases[key] = Case(networks[dtype], folder, dtype, int(batch))
        cases[key].time()
        print(*[f"{cases[key].time():.4f}" for _ in range(int(times))], flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        main(*sys.argv[1:])
