"""DiT with the parameter names of the original code: the Gallery's, or a random one."""
import torch
import torch.nn as nn

from layers import Norm, attend, embedding, gelu, heads, linear, mlp, modulate, sinusoids, through, conv


def positions(high, wide, width, trained):
    """[tokens, width]: sines and cosines at the patches' centres, in units of the grid that was trained on. Sides may be read from the latents, so that the exported graph computes this for any."""
    frequencies = 10000.0 ** (-torch.arange(width // 4) / (width / 4))

    def axis(side):
        phase = ((torch.arange(side) + 0.5) * (trained / side) - 0.5)[:, None] * frequencies[None]
        return torch.cat([phase.sin(), phase.cos()], 1)

    across, down = axis(wide)[None].expand(high, wide, width // 2), axis(high)[:, None].expand(high, wide, width // 2)
    return torch.cat([across, down], 2).reshape(-1, width)


class Block(nn.Module):
    def __init__(self, width, count):
        super().__init__()
        self.count = count
        self.norm1, self.norm2 = Norm(width), Norm(width)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, c):
        shift1, scale1, gate1, shift2, scale2, gate2 = linear(c, self.adaLN_modulation[1]).chunk(6, -1)
        q, k, v = linear(modulate(self.norm1(x), shift1, scale1), self.attn.qkv).chunk(3, -1)
        x = x + gate1[:, None] * linear(attend(*(heads(t, self.count) for t in (q, k, v))), self.attn.proj)
        return x + gate2[:, None] * linear(gelu(linear(modulate(self.norm2(x), shift2, scale2), self.mlp.fc1)), self.mlp.fc2)


class DiT(nn.Module):
    inputs = ("sample", "timestep", "class_labels")

    def __init__(self, channels=1, size=32, patch=2, width=192, depth=8, count=3, classes=10):
        super().__init__()
        self.channels, self.size, self.patch, self.classes, self.width, self.any_size = channels, size, patch, classes, width, False
        self.x_embedder, self.t_embedder, self.y_embedder, self.final_layer = (nn.Module() for _ in range(4))
        self.x_embedder.proj = nn.Conv2d(channels, width, patch, patch)
        self.t_embedder.mlp = mlp(256, width, width)
        self.y_embedder.embedding_table = nn.Embedding(classes + 1, width)
        self.blocks = nn.ModuleList(Block(width, count) for _ in range(depth))
        self.final_layer.norm, self.final_layer.linear = Norm(width), nn.Linear(width, patch * patch * channels)
        self.final_layer.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, sample, timestep, labels):
        side = self.size // self.patch
        x = conv(sample, self.x_embedder.proj)
        high, wide = x.shape[2:] if self.any_size else (side, side)
        x = x.flatten(2).transpose(1, 2) + positions(high, wide, self.width, side)
        c = through(sinusoids(timestep, 256), self.t_embedder.mlp) + embedding(labels, self.y_embedder.embedding_table)
        c = nn.functional.silu(c)
        for block in self.blocks:
            x = block(x, c)
        shift, scale = linear(c, self.final_layer.adaLN_modulation[1]).chunk(2, -1)
        x = linear(modulate(self.final_layer.norm(x), shift, scale), self.final_layer.linear)
        x = x.view(-1, high, wide, self.patch, self.patch, self.channels).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(-1, self.channels, high * self.patch, wide * self.patch)

    def example(self, rows):
        return torch.randn(rows, self.channels, self.size, self.size), torch.full((rows,), 500.0), torch.arange(rows) % self.classes

    def config(self):
        return {"_class_name": "DiTTransformer2DModel", "sample_size": self.size, "in_channels": self.channels, "patch_size": self.patch, "num_classes": self.classes}

    @staticmethod
    def scheduler():
        return {"_class_name": "DDIMScheduler", "num_train_timesteps": 1000, "beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02, "prediction_type": "epsilon",
                "timestep_spacing": "linspace", "clip_sample": True}
