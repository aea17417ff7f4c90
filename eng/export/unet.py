"""UNet with the layout and parameter names of UNet2DModel: the Gallery's, or a random one."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from layers import attend, conv, embedding, group_norm, heads, linear, sinusoids


class Resnet(nn.Module):
    def __init__(self, i, o, time, groups):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(groups, i), nn.Conv2d(i, o, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, o)
        self.norm2, self.conv2 = nn.GroupNorm(groups, o), nn.Conv2d(o, o, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(i, o, 1) if i != o else None

    def forward(self, x, t):
        h = conv(F.silu(group_norm(x, self.norm1)), self.conv1) + linear(t, self.time_emb_proj)[:, :, None, None]
        h = conv(F.silu(group_norm(h, self.norm2)), self.conv2)
        return h + (conv(x, self.conv_shortcut) if self.conv_shortcut is not None else x)


class Attention(nn.Module):
    def __init__(self, width, size, groups):
        super().__init__()
        self.count = width // size
        self.group_norm = nn.GroupNorm(groups, width)
        self.to_q, self.to_k, self.to_v = (nn.Linear(width, width) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x):
        h = group_norm(x, self.group_norm).flatten(2).transpose(1, 2)
        h = attend(*(heads(linear(h, part), self.count) for part in (self.to_q, self.to_k, self.to_v)))
        return x + linear(h, self.to_out[0]).transpose(1, 2).reshape(x.shape)


class Down(nn.Module):
    def __init__(self, i, o, time, attends, last, size, groups):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(i, o, time, groups)])
        self.attentions = nn.ModuleList([Attention(o, size, groups)] if attends else [])
        self.downsamplers = nn.ModuleList([] if last else [nn.Module()])
        for sampler in self.downsamplers:
            sampler.conv = nn.Conv2d(o, o, 3, 2, 1)

    def forward(self, x, t, skips):
        x = self.resnets[0](x, t)
        for attention in self.attentions:
            x = attention(x)
        skips.append(x)
        for sampler in self.downsamplers:
            x = conv(x, sampler.conv)
            skips.append(x)
        return x


class Up(nn.Module):
    def __init__(self, previous, o, skip, time, attends, last, size, groups):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(previous + o, o, time, groups), Resnet(o + skip, o, time, groups)])
        self.attentions = nn.ModuleList([Attention(o, size, groups) for _ in range(2)] if attends else [])
        self.upsamplers = nn.ModuleList([] if last else [nn.Module()])
        for sampler in self.upsamplers:
            sampler.conv = nn.Conv2d(o, o, 3, padding=1)

    def forward(self, x, t, skips):
        for k, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], 1), t)
            if len(self.attentions) > k:
                x = self.attentions[k](x)
        for sampler in self.upsamplers:
            x = conv(F.interpolate(x, scale_factor=2.0, mode="nearest"), sampler.conv)
        return x


class UNet(nn.Module):
    inputs = ("sample", "timestep", "class_labels")

    def __init__(self, channels=(32, 64, 128), size=32, classes=11, head=32, groups=8):
        super().__init__()
        time, rev, self.first, self.size, self.classes = 4 * channels[0], channels[::-1], channels[0], size, classes
        self.conv_in = nn.Conv2d(1, channels[0], 3, padding=1)
        self.time_embedding = nn.Module()
        self.time_embedding.linear_1, self.time_embedding.linear_2 = nn.Linear(channels[0], time), nn.Linear(time, time)
        self.class_embedding = nn.Embedding(classes, time)
        last = len(channels) - 1
        self.down_blocks = nn.ModuleList(Down(channels[max(k - 1, 0)], c, time, k > 0, k == last, head, groups) for k, c in enumerate(channels))
        self.mid_block = nn.Module()
        self.mid_block.attentions = nn.ModuleList([Attention(rev[0], head, groups)])
        self.mid_block.resnets = nn.ModuleList(Resnet(rev[0], rev[0], time, groups) for _ in range(2))
        self.up_blocks = nn.ModuleList(Up(rev[max(k - 1, 0)], c, rev[min(k + 1, last)], time, k < last, k == last, head, groups) for k, c in enumerate(rev))
        self.conv_norm_out, self.conv_out = nn.GroupNorm(groups, channels[0]), nn.Conv2d(channels[0], 1, 3, padding=1)

    def forward(self, sample, timestep, labels):
        t = F.silu(linear(sinusoids(timestep, self.first), self.time_embedding.linear_1))
        t = F.silu(linear(t, self.time_embedding.linear_2) + embedding(labels, self.class_embedding))
        x = conv(sample, self.conv_in)
        skips = [x]
        for down in self.down_blocks:
            x = down(x, t, skips)
        x = self.mid_block.resnets[1](self.mid_block.attentions[0](self.mid_block.resnets[0](x, t)), t)
        for up in self.up_blocks:
            x = up(x, t, skips)
        return conv(F.silu(group_norm(x, self.conv_norm_out)), self.conv_out)

    def example(self, rows):
        return torch.randn(rows, 1, self.size, self.size), torch.full((rows,), 500.0), torch.arange(rows) % self.classes

    def config(self):
        return {"_class_name": "UNet2DModel", "sample_size": self.size, "in_channels": 1, "out_channels": 1, "num_class_embeds": self.classes}

    @staticmethod
    def scheduler():
        return {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 1.0}
