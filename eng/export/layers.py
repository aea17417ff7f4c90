"""What the exported networks share: checkpoint reading, embeddings, attention."""
import json
import math
import struct

import torch
import torch.nn as nn
import torch.nn.functional as F

TYPES = {"F32": torch.float32, "F16": torch.float16}


def read_safetensors(path):
    """(metadata, tensors as stored)."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    return metadata, {
        name: torch.frombuffer(bytearray(data[entry["data_offsets"][0]:entry["data_offsets"][1]]), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }


def sinusoids(t, count):
    frequencies = torch.exp(torch.arange(count // 2, dtype=torch.float32) * (-math.log(10000) / (count // 2)))
    phase = t[:, None].float() * frequencies[None]
    return torch.cat([phase.cos(), phase.sin()], 1)


def mlp(inputs, width, outputs):
    return nn.Sequential(nn.Linear(inputs, width), nn.SiLU(), nn.Linear(width, outputs))


def heads(x, count):
    rows, tokens, width = x.shape
    return x.view(rows, tokens, count, width // count).transpose(1, 2)


def attend(q, k, v):
    """[rows, heads, tokens, size] -> [rows, tokens, heads x size]."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


class Norm(nn.Module):
    """LayerNorm without parameters: opset 17 writes its LayerNormalization for affine norms alone, so ones and zeros are given to it."""

    def __init__(self, width):
        super().__init__()
        self.register_buffer("one", torch.ones(width), persistent=False)
        self.register_buffer("zero", torch.zeros(width), persistent=False)

    def forward(self, x):
        return F.layer_norm(x, self.one.shape, self.one, self.zero, 1e-6)


def modulate(x, shift, scale):
    return x * (1 + scale[:, None]) + shift[:, None]


def gelu(x):
    return F.gelu(x, approximate="tanh")


# Parameters may be stored in half: products are in single, and what reads the exported file folds the casts.
def linear(x, layer):
    return F.linear(x, layer.weight.float(), layer.bias.float())


def conv(x, layer):
    return F.conv2d(x, layer.weight.float(), layer.bias.float(), layer.stride, layer.padding)


def embedding(labels, table):
    return F.embedding(labels, table.weight.float())


def group_norm(x, norm):
    return F.group_norm(x, norm.num_groups, norm.weight.float(), norm.bias.float(), norm.eps)


def through(x, layers):
    """Linear layers with a SiLU between them: the time's."""
    return linear(F.silu(linear(x, layers[0])), layers[2])
