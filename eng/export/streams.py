"""Networks of two streams, image and text, in the shapes of SD3 and FLUX, with random weights."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from layers import Norm, attend, conv, gelu, heads, linear, mlp, modulate, sinusoids, through


class Stream(nn.Module):
    """One stream's part of a block: modulation, qkv, output, feed-forward. SD3's last block has no more of the text than its qkv."""

    def __init__(self, width, count, last=False):
        super().__init__()
        self.count, self.last = count, last
        self.modulation, self.norm1, self.qkv = nn.Linear(width, (2 if last else 6) * width), Norm(width), nn.Linear(width, 3 * width)
        if not last:
            self.norm2, self.out, self.up, self.down = Norm(width), nn.Linear(width, width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def project(self, x, c):
        parts = linear(c, self.modulation).chunk(2 if self.last else 6, -1)
        return [heads(t, self.count) for t in linear(modulate(self.norm1(x), *parts[:2]), self.qkv).chunk(3, -1)], parts

    def finish(self, x, attended, parts):
        x = x + parts[2][:, None] * linear(attended, self.out)
        return x + parts[5][:, None] * linear(gelu(linear(modulate(self.norm2(x), parts[3], parts[4]), self.up)), self.down)


class Double(nn.Module):
    def __init__(self, width, count, last=False):
        super().__init__()
        self.image, self.text = Stream(width, count), Stream(width, count, last)

    def forward(self, image, text, c, rotate=lambda t: t):
        a, image_parts = self.image.project(image, c)
        b, text_parts = self.text.project(text, c)
        q, k, v = (torch.cat([t, i], 2) for t, i in zip(b, a))
        attended = attend(rotate(q), rotate(k), v)
        words = text.shape[1]
        image = self.image.finish(image, attended[:, words:], image_parts)
        return image, None if self.text.last else self.text.finish(text, attended[:, :words], text_parts)


class Single(nn.Module):
    def __init__(self, width, count):
        super().__init__()
        self.width, self.count = width, count
        self.modulation, self.norm, self.into, self.out = nn.Linear(width, 3 * width), Norm(width), nn.Linear(width, 7 * width), nn.Linear(5 * width, width)

    def forward(self, x, c, rotate):
        shift, scale, gate = linear(c, self.modulation).chunk(3, -1)
        q, k, v, wide = linear(modulate(self.norm(x), shift, scale), self.into).split([self.width] * 3 + [4 * self.width], -1)
        q, k, v = (heads(t, self.count) for t in (q, k, v))
        return x + gate[:, None] * linear(torch.cat([attend(rotate(q), rotate(k), v), gelu(wide)], -1), self.out)


class Final(nn.Module):
    def __init__(self, width, outputs):
        super().__init__()
        self.modulation, self.norm, self.linear = nn.Linear(width, 2 * width), Norm(width), nn.Linear(width, outputs)

    def forward(self, x, c):
        return linear(modulate(self.norm(x), *linear(c, self.modulation).chunk(2, -1)), self.linear)


class SD3(nn.Module):
    """Latents [rows, channels, size, size]; text [rows, words, joint]; pooled [rows, pooled]."""

    inputs = ("hidden_states", "encoder_hidden_states", "pooled_projections", "timestep")

    def __init__(self, channels=4, size=16, width=32, depth=3, count=2, joint=16, pooled=24, words=7):
        super().__init__()
        self.channels, self.size, self.words, self.joint, self.pooled_size = channels, size, words, joint, pooled
        self.embed, self.time, self.pooled, self.context = nn.Conv2d(channels, width, 2, 2), mlp(256, width, width), mlp(pooled, width, width), nn.Linear(joint, width)
        self.positions = nn.Parameter(torch.randn(1, (size // 2) ** 2, width) * 0.1)
        self.blocks = nn.ModuleList(Double(width, count, last=i == depth - 1) for i in range(depth))
        self.final = Final(width, 4 * channels)

    def forward(self, sample, text, pooled, timestep):
        side = self.size // 2
        image = conv(sample, self.embed).flatten(2).transpose(1, 2) + self.positions.float()
        c = F.silu(through(sinusoids(timestep, 256), self.time) + through(pooled, self.pooled))
        text = linear(text, self.context)
        for block in self.blocks:
            image, text = block(image, text, c)
        image = self.final(image, c).view(-1, side, side, 2, 2, self.channels).permute(0, 5, 1, 3, 2, 4)
        return image.reshape(-1, self.channels, self.size, self.size)

    def example(self, rows):
        return torch.randn(rows, self.channels, self.size, self.size), torch.randn(rows, self.words, self.joint), torch.randn(rows, self.pooled_size), torch.full((rows,), 500.0)

    def config(self):
        return {"_class_name": "SD3Transformer2DModel", "sample_size": self.size, "in_channels": self.channels, "patch_size": 2, "joint_attention_dim": self.joint,
                "pooled_projection_dim": self.pooled_size}

    @staticmethod
    def scheduler():
        return {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0}


class Flux(nn.Module):
    """Packed latents [rows, tokens, 4 x channels]; text [rows, words, joint]; pooled [rows, pooled]; places of both as img_ids [tokens, 3] and txt_ids [words, 3]."""

    inputs = ("hidden_states", "encoder_hidden_states", "pooled_projections", "timestep", "img_ids", "txt_ids", "guidance")

    def __init__(self, channels=16, size=16, width=32, doubles=2, singles=3, count=2, joint=16, pooled=24, words=7):
        super().__init__()
        self.packed, self.size, self.words, self.joint, self.pooled_size = channels, size, words, joint, pooled
        self.axes = [width // count // 4] + [3 * width // count // 8] * 2
        self.embed, self.context = nn.Linear(channels, width), nn.Linear(joint, width)
        self.time, self.scale, self.pooled = mlp(256, width, width), mlp(256, width, width), mlp(pooled, width, width)
        self.doubles, self.singles = nn.ModuleList(Double(width, count) for _ in range(doubles)), nn.ModuleList(Single(width, count) for _ in range(singles))
        self.final = Final(width, channels)

    def turns(self, places):
        angles = []
        for axis, size in enumerate(self.axes):
            frequencies = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
            angles.append(places[:, axis:axis + 1].float() * frequencies[None])
        angles = torch.cat(angles, 1).repeat_interleave(2, 1)
        return angles.cos(), angles.sin()

    def forward(self, image, text, pooled, timestep, img_ids, txt_ids, guidance):
        cos, sin = self.turns(torch.cat([txt_ids, img_ids]))

        def rotate(t):
            a, b = t[..., 0::2], t[..., 1::2]
            return t * cos + torch.stack([-b, a], -1).flatten(-2) * sin

        c = F.silu(through(sinusoids(timestep * 1000, 256), self.time) + through(sinusoids(guidance * 1000, 256), self.scale) + through(pooled, self.pooled))
        image, text = linear(image, self.embed), linear(text, self.context)
        for block in self.doubles:
            image, text = block(image, text, c, rotate)
        joint = torch.cat([text, image], 1)
        for block in self.singles:
            joint = block(joint, c, rotate)
        return self.final(joint[:, text.shape[1]:], c)

    def example(self, rows):
        side = self.size // 2
        places = torch.stack([torch.zeros(side, side), torch.arange(side)[:, None].expand(side, side), torch.arange(side)[None].expand(side, side)], -1).reshape(-1, 3).float()
        return (torch.randn(rows, side * side, self.packed), torch.randn(rows, self.words, self.joint), torch.randn(rows, self.pooled_size), torch.full((rows,), 0.5), places,
                torch.zeros(self.words, 3), torch.full((rows,), 3.5))

    def config(self):
        return {"_class_name": "FluxTransformer2DModel", "in_channels": self.packed, "sample_size": self.size, "patch_size": 1, "joint_attention_dim": self.joint,
                "pooled_projection_dim": self.pooled_size, "guidance_embeds": True}

    @staticmethod
    def scheduler():
        return {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": False}
