"""Forward pass of a UNet or of FLUX.1 in PyTorch, as fast as its operators allow: the other side of the `families` benchmark.

Arguments: checkpoint in the naming of diffusers, file of inputs, folder. Reads lines `dtype untimed timed`, answers the milliseconds of the timed passes. The first output of a
dtype goes to folder/output-DTYPE.f32. Products are in dtype, everything else in float32. Forms of attention, GELU, turning and memory layout are those that were faster.
"""
import json
import math
import mmap
import struct
import sys
import time

import torch
import torch.nn.functional as F

from dit_forward import attention_composed, attention_in_pieces, gelu_sigmoid, gelu_tanh

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
SDPA = [F.scaled_dot_product_attention] if hasattr(F, "scaled_dot_product_attention") else []


def load(path):
    with open(path, "rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = TYPES[entry["dtype"]]
        count = (end - begin) // torch.empty(0, dtype=dtype).element_size()
        tensors[name] = torch.frombuffer(data, dtype=dtype, count=count, offset=8 + length + begin).reshape(entry["shape"])
    return metadata, tensors


def configuration(metadata):
    if "config" in metadata:
        return json.loads(metadata["config"])

    def value(text):
        if "," in text:
            return [value(part) for part in text.split(",")]
        try:
            return json.loads(text)
        except ValueError:
            return text

    return {name: value(text) for name, text in metadata.items()}


def fastest(forms, *arguments):
    best = {}
    for _ in range(3):
        for form in forms:
            start = time.perf_counter()
            form(*arguments)
            best[form] = min(best.get(form, math.inf), time.perf_counter() - start)
    return min(best, key=best.get)


def sinusoids(t, count):
    frequencies = torch.exp(torch.arange(count // 2, dtype=torch.float64) * (-math.log(10000) / (count // 2)))
    phase = t.double().unsqueeze(1) * frequencies
    return torch.cat([phase.cos(), phase.sin()], 1).float()


class Network:
    def __init__(self, w, dtype):
        self.w, self.dtype, self.layers = w, dtype, {}

    def wide(self, name):
        """A parameter in float32, converted once."""
        if name not in self.layers:
            self.layers[name] = self.w[name].float()
        return self.layers[name]

    def wide_linear(self, name, x):
        return F.linear(x, self.wide(name + ".weight"), self.wide(name + ".bias"))

    def linear(self, names, x):
        """Layers of one input as one, in the type of products."""
        names = (names,) if isinstance(names, str) else names
        if names not in self.layers:
            weight = torch.cat([self.w[n + ".weight"].flatten(1) for n in names]).to(self.dtype)
            bias = torch.cat([self.w[n + ".bias"] for n in names]).to(self.dtype) if names[0] + ".bias" in self.w else None
            self.layers[names] = weight, bias
        return F.linear(x.to(self.dtype), *self.layers[names])


class UNet(Network):
    def __init__(self, config, w, inputs, dtype):
        super().__init__(w, dtype)
        self.config, self.inputs = config, inputs
        self.groups, self.epsilon = config["norm_num_groups"], config["norm_eps"]
        self.has_text = "text" in inputs
        rows, _, high, wide = inputs["latents"].shape
        first, heads = config["block_out_channels"][0], 8
        qkv = [torch.randn(rows, heads, high * wide, 40).to(dtype) for _ in range(3)]
        self.form = fastest([attention_composed, attention_in_pieces] + SDPA, *qkv)
        image, kernel = torch.randn(rows, first, high, wide), torch.randn(first, first, 3, 3)
        forms = [self.tried(layout, image, kernel) for layout in (torch.contiguous_format, torch.channels_last)]
        self.layout = (torch.contiguous_format, torch.channels_last)[forms.index(fastest(forms))]

    def tried(self, layout, image, kernel):
        image, kernel = image.contiguous(memory_format=layout), kernel.to(self.dtype).contiguous(memory_format=layout)
        norm = torch.ones(image.shape[1])
        return lambda: F.conv2d(F.silu(F.group_norm(image, self.groups, norm, norm)).to(self.dtype), kernel, None, 1, 1).float()

    def conv(self, name, x, layout, stride=1, wide=False):
        key = (name, layout)
        if key not in self.layers:
            dtype = torch.float32 if wide else self.dtype
            self.layers[key] = self.w[name + ".weight"].to(dtype).contiguous(memory_format=layout), self.w[name + ".bias"].to(dtype)
        weight, bias = self.layers[key]
        return F.conv2d(x.to(weight.dtype), weight, bias, stride, weight.shape[2] // 2).float()

    def norm(self, name, x, epsilon=None):
        return F.group_norm(x, self.groups, self.wide(name + ".weight"), self.wide(name + ".bias"), epsilon or self.epsilon)

    def layer_norm(self, name, x):
        return F.layer_norm(x, (x.shape[-1],), self.wide(name + ".weight"), self.wide(name + ".bias"), 1e-5)

    def residual(self, name, x, active, layout):
        h = self.conv(name + ".conv1", F.silu(self.norm(name + ".norm1", x), inplace=True), layout)
        h.add_(self.wide_linear(name + ".time_emb_proj", active)[:, :, None, None])
        h = self.conv(name + ".conv2", F.silu(self.norm(name + ".norm2", h), inplace=True), layout)
        return h.add_(self.conv(name + ".conv_shortcut", x, layout) if name + ".conv_shortcut.weight" in self.w else x)

    def attend(self, q, k, v, heads, attention):
        q, k, v = (t.unflatten(-1, (heads, -1)).transpose(1, 2) for t in (q, k, v))
        return attention(q, k, v).transpose(1, 2).flatten(2)

    def heads(self, channels):
        given = self.config["attention_head_dim"]
        return given if self.has_text else channels // given

    def attention(self, name, x, form):
        heads, tokens = self.heads(x.shape[1]), x.flatten(2).transpose(1, 2)
        h = self.norm(name + ".group_norm", x).flatten(2).transpose(1, 2)
        q, k, v = self.linear((name + ".to_q", name + ".to_k", name + ".to_v"), h).chunk(3, -1)
        h = tokens + self.linear(name + ".to_out.0", self.attend(q, k, v, heads, form)).float()
        return h.transpose(1, 2).unflatten(2, x.shape[2:])

    def transformer(self, name, x, form):
        heads = self.heads(x.shape[1])
        h = self.linear(name + ".proj_in", self.norm(name + ".norm", x, 1e-6).flatten(2).transpose(1, 2)).float()
        b = name + ".transformer_blocks.0"
        q, k, v = self.linear((b + ".attn1.to_q", b + ".attn1.to_k", b + ".attn1.to_v"), self.layer_norm(b + ".norm1", h)).chunk(3, -1)
        h = h + self.linear(b + ".attn1.to_out.0", self.attend(q, k, v, heads, form)).float()
        q = self.linear(b + ".attn2.to_q", self.layer_norm(b + ".norm2", h))
        k, v = self.linear((b + ".attn2.to_k", b + ".attn2.to_v"), self.inputs["text"]).chunk(2, -1)
        h = h + self.linear(b + ".attn2.to_out.0", self.attend(q, k, v, heads, form)).float()
        up, gate = self.linear(b + ".ff.net.0.proj", self.layer_norm(b + ".norm3", h)).chunk(2, -1)
        h = h + self.linear(b + ".ff.net.2", up * F.gelu(gate)).float()
        return self.linear(name + ".proj_out", h).float().transpose(1, 2).unflatten(2, x.shape[2:]) + x

    def mix(self, block, i, x, form):
        if f"{block}.attentions.{i}.proj_in.weight" in self.w:
            return self.transformer(f"{block}.attentions.{i}", x, form)
        return self.attention(f"{block}.attentions.{i}", x, form) if f"{block}.attentions.{i}.to_q.weight" in self.w else x

    def forward(self):
        layout, attention = self.layout, self.form
        levels, layers = len(self.config["block_out_channels"]), self.config["layers_per_block"]
        e = self.wide_linear("time_embedding.linear_1", sinusoids(self.inputs["time"], self.config["block_out_channels"][0]))
        e = self.wide_linear("time_embedding.linear_2", F.silu(e))
        if "labels" in self.inputs:
            e = e + self.wide("class_embedding.weight")[self.inputs["labels"]]
        active = F.silu(e)
        h = self.conv("conv_in", self.inputs["latents"].contiguous(memory_format=layout), layout, wide=True)
        skips = [h]
        for level in range(levels):
            block = f"down_blocks.{level}"
            for i in range(layers):
                h = self.mix(block, i, self.residual(f"{block}.resnets.{i}", h, active, layout), attention)
                skips.append(h)
            if level < levels - 1:
                h = self.conv(f"{block}.downsamplers.0.conv", h, layout, stride=2)
                skips.append(h)
        h = self.residual("mid_block.resnets.0", h, active, layout)
        h = self.residual("mid_block.resnets.1", self.mix("mid_block", 0, h, attention), active, layout)
        for level in range(levels):
            block = f"up_blocks.{level}"
            for i in range(layers + 1):
                h = self.residual(f"{block}.resnets.{i}", torch.cat([h, skips.pop()], 1), active, layout)
                h = self.mix(block, i, h, attention)
            if level < levels - 1:
                h = self.conv(f"{block}.upsamplers.0.conv", F.interpolate(h, scale_factor=2.0, mode="nearest"), layout)
        return self.conv("conv_out", F.silu(self.norm("conv_norm_out", h)), layout, wide=True).contiguous()


def turn_complex(x, turns):
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2))) * turns).flatten(-2)


def turn_real(x, turns):
    a, b = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * turns.real - b * turns.imag, a * turns.imag + b * turns.real], -1).flatten(-2)


class Flux(Network):
    def __init__(self, config, w, inputs, dtype):
        super().__init__(w, dtype)
        self.inputs, self.heads = inputs, config["num_attention_heads"]
        self.head = config["attention_head_dim"]
        self.doubles, self.singles = config["num_layers"], config["num_single_layers"]
        self.width = self.heads * self.head
        self.turns = self.table(config["axes_dims_rope"])
        tokens = self.turns.shape[0]
        self.turn = fastest([turn_complex, turn_real], torch.randn(1, self.heads, tokens, self.head), self.turns)
        self.gelu = fastest([gelu_tanh, gelu_sigmoid], torch.randn(1, tokens, 4 * self.width).to(dtype))
        qkv = [torch.randn(1, self.heads, tokens, self.head).to(dtype) for _ in range(3)]
        self.form = fastest([attention_composed, attention_in_pieces] + SDPA, *qkv)

    def table(self, axes):
        text, (high, wide) = self.inputs["text"].shape[1], (s // 2 for s in self.inputs["latents"].shape[2:])
        places = [torch.zeros(text + high * wide, dtype=torch.float64) for _ in range(3)]
        places[1][text:] = torch.arange(high).repeat_interleave(wide).double()
        places[2][text:] = torch.arange(wide).repeat(high).double()
        angles = [torch.outer(p, 1.0 / 10000 ** (torch.arange(0, a, 2, dtype=torch.float64) / a)) for p, a in zip(places, axes)]
        angles = torch.cat(angles, 1)
        return torch.complex(angles.cos().float(), angles.sin().float())

    def embed(self, name, x):
        return self.wide_linear(f"time_text_embed.{name}.linear_2", F.silu(self.wide_linear(f"time_text_embed.{name}.linear_1", x)))

    def modulation(self, name, active, parts):
        return self.linear(name, active).float().unsqueeze(1).chunk(parts, -1)

    def modulated(self, x, shift, scale):
        return torch.addcmul(shift, F.layer_norm(x, (self.width,), eps=1e-6), 1 + scale)

    def rms(self, x, name):
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * self.wide(name + ".weight")

    def split(self, product, query, key):
        q, k, v = product.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).unbind()
        return self.rms(q.float(), query), self.rms(k.float(), key), v

    def attend(self, q, k, v, attention):
        q, k = self.turn(q, self.turns).to(self.dtype), self.turn(k, self.turns).to(self.dtype)
        return attention(q, k, v).transpose(1, 2).flatten(2)

    def double(self, b, x, c, active, attention):
        mx, mc = self.modulation(b + ".norm1.linear", active, 6), self.modulation(b + ".norm1_context.linear", active, 6)
        a, text = b + ".attn", c.shape[1]
        px = self.split(self.linear((a + ".to_q", a + ".to_k", a + ".to_v"), self.modulated(x, mx[0], mx[1])), a + ".norm_q", a + ".norm_k")
        pc = self.split(self.linear((a + ".add_q_proj", a + ".add_k_proj", a + ".add_v_proj"), self.modulated(c, mc[0], mc[1])), a + ".norm_added_q", a + ".norm_added_k")
        h = self.attend(*(torch.cat(pair, 2) for pair in zip(pc, px)), attention)
        x = torch.addcmul(x, mx[2], self.linear(a + ".to_out.0", h[:, text:]).float())
        c = torch.addcmul(c, mc[2], self.linear(a + ".to_add_out", h[:, :text]).float())
        x = torch.addcmul(x, mx[5], self.fed(b + ".ff", self.modulated(x, mx[3], mx[4])))
        return x, torch.addcmul(c, mc[5], self.fed(b + ".ff_context", self.modulated(c, mc[3], mc[4])))

    def fed(self, name, x):
        return self.linear(name + ".net.2", self.gelu(self.linear(name + ".net.0.proj", x))).float()

    def single(self, b, x, active, attention):
        m = self.modulation(b + ".norm.linear", active, 3)
        names = (b + ".attn.to_q", b + ".attn.to_k", b + ".attn.to_v", b + ".proj_mlp")
        product, fed = self.linear(names, self.modulated(x, m[0], m[1])).split([3 * self.width, 4 * self.width], -1)
        h = self.attend(*self.split(product, b + ".attn.norm_q", b + ".attn.norm_k"), attention)
        return torch.addcmul(x, m[2], self.linear(b + ".proj_out", torch.cat([h, self.gelu(fed)], 2)).float())

    def forward(self):
        given, attention = self.inputs, self.form
        active = self.embed("timestep_embedder", sinusoids(given["time"], 256)) + self.embed("text_embedder", given["pooled"])
        active = F.silu(active + self.embed("guidance_embedder", sinusoids(1000 * given["guidance"], 256)))
        rows, channels, high, wide = given["latents"].shape
        packed = given["latents"].view(rows, channels, high // 2, 2, wide // 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(rows, -1, 4 * channels)
        x, c = self.wide_linear("x_embedder", packed), self.wide_linear("context_embedder", given["text"])
        for i in range(self.doubles):
            x, c = self.double(f"transformer_blocks.{i}", x, c, active, attention)
        text = c.shape[1]
        x = torch.cat([c, x], 1)
        for i in range(self.singles):
            x = self.single(f"single_transformer_blocks.{i}", x, active, attention)
        scale, shift = self.modulation("norm_out.linear", active, 2)
        x = self.wide_linear("proj_out", self.modulated(x[:, text:], shift, scale))
        return x.view(rows, high // 2, wide // 2, channels, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(rows, channels, high, wide)


def main(checkpoint, given, folder):
    metadata, weights = load(checkpoint)
    config, inputs = configuration(metadata), load(given)[1]
    family = Flux if "x_embedder.weight" in weights else UNet
    networks = {}
    print(torch.__version__, torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        dtype, untimed, timed = line.split()
        if dtype not in networks:
            # One at a time: the weights of two types would take half as much again.
            networks.clear()
            networks[dtype] = family(config, weights, inputs, getattr(torch, dtype))
            with open(f"{folder}/output-{dtype}.f32", "wb") as file:
                file.write(networks[dtype].forward().contiguous().numpy().tobytes())
        times = []
        for _ in range(int(untimed) + int(timed)):
            start = time.perf_counter()
            networks[dtype].forward()
            times.append((time.perf_counter() - start) * 1e3)
        print(*[f"{t:.4f}" for t in times[int(untimed):]], flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        main(*sys.argv[1:])
