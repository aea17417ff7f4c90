#!/usr/bin/python3
"""Train the policy of this sample: a transformer that proposes the next 16 actions.

Data      dotnet run -c Release --project samples/Policy -- --demonstrations demonstrations.safetensors
          writes what the simulation's own demonstrator does; there is no other copy of the simulation.
Network   TransformerForDiffusion (Chi et al., "Diffusion Policy", arXiv:2303.04137) with causal attention, parameter
          names and layout as published: a decoder over 16 actions whose memory is the time and two observations.
          Action k belongs to the moment of the earlier observation plus k, so number 1 is the one to take now.
Schedule  100 steps, squaredcos_cap_v2, the clean actions are predicted: a small network learns them sooner than noise.
Runs on   one CPU core for --minutes (python3-torch and libopenblas0-pthread of Debian 12 are enough).
"""
import argparse, json, math, struct, time
import numpy as np, torch, torch.nn as nn

HORIZON, OBSERVATIONS, TRAIN_STEPS = 16, 2, 100
TYPES = {'F16': np.float16, 'F32': np.float32, 'I64': np.int64}


def load(path):
    with open(path, 'rb') as f:
        header = json.loads(f.read(struct.unpack('<Q', f.read(8))[0]))
        data = f.read()
    header.pop('__metadata__', None)
    return {k: torch.from_numpy(np.frombuffer(data[slice(*v['data_offsets'])], TYPES[v['dtype']]).reshape(v['shape']).copy()) for k, v in header.items()}


def save(path, tensors, metadata):
    header, blobs, at = {'__metadata__': metadata}, [], 0
    for k, v in tensors.items():
        raw = v.detach().contiguous().numpy().tobytes()
        header[k] = {'dtype': 'F16', 'shape': list(v.shape), 'data_offsets': [at, at + len(raw)]}
        at += len(raw)
        blobs.append(raw)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))


class Policy(nn.Module):
    def __init__(self, observation, action, width, layers, heads):
        super().__init__()
        self.width = width
        self.input_emb = nn.Linear(action, width)
        self.pos_emb = nn.Parameter(0.02 * torch.randn(1, HORIZON, width))
        self.cond_obs_emb = nn.Linear(observation, width)
        self.cond_pos_emb = nn.Parameter(0.02 * torch.randn(1, 1 + OBSERVATIONS, width))
        self.encoder = nn.Sequential(nn.Linear(width, 4 * width), nn.Mish(), nn.Linear(4 * width, width))
        layer = nn.TransformerDecoderLayer(width, heads, 4 * width, 0.0, 'gelu', batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, layers)
        self.ln_f = nn.LayerNorm(width)
        self.head = nn.Linear(width, action)
        hidden = torch.full((), float('-inf'))
        t, s = torch.arange(HORIZON)[:, None], torch.arange(1 + OBSERVATIONS)[None]
        self.seen = torch.where(t >= torch.arange(HORIZON)[None], torch.zeros(()), hidden)
        self.remembered = torch.where(t >= s - 1, torch.zeros(()), hidden)
        self.frequencies = torch.exp(torch.arange(width // 2) * (-math.log(10000) / (width // 2 - 1)))

    def forward(self, x, t, observations):
        phase = t[:, None].float() * self.frequencies
        memory = torch.cat([torch.cat([phase.sin(), phase.cos()], 1)[:, None], self.cond_obs_emb(observations)], 1)
        memory = self.encoder(memory + self.cond_pos_emb)
        h = self.decoder(self.input_emb(x) + self.pos_emb, memory, self.seen, self.remembered)
        return self.head(self.ln_f(h))


def windows(demonstrations):
    """For each moment of each demonstration the two latest observations and 16 actions, the ends repeated."""
    lengths = demonstrations['length']
    first = lengths.cumsum(0) - lengths
    begin, end = torch.repeat_interleave(first, lengths), torch.repeat_interleave(first + lengths - 1, lengths)
    at = torch.arange(int(lengths.sum()))
    def pick(offsets):
        return torch.minimum(torch.maximum(at[:, None] + torch.tensor(list(offsets)), begin[:, None]), end[:, None])
    return pick(range(1 - OBSERVATIONS, 1)), pick(range(1 - OBSERVATIONS, 1 - OBSERVATIONS + HORIZON))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('demonstrations')
    p.add_argument('--out', default='reach-policy.safetensors')
    p.add_argument('--minutes', type=float, default=15)
    p.add_argument('--batch', type=int, default=64)
    p.add_argument('--lr', type=float, default=1.5e-3)
    p.add_argument('--width', type=int, default=64)
    p.add_argument('--layers', type=int, default=3)
    p.add_argument('--heads', type=int, default=2)
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--ema', type=float, default=0.995)
    p.add_argument('--seed', type=int, default=0)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    data = load(a.demonstrations)
    observation, action = data['observation'], data['action']
    seen, done = windows(data)
    u = torch.arange(TRAIN_STEPS + 1, dtype=torch.float64) / TRAIN_STEPS
    bar = torch.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
    bars = torch.cumprod(1 - (1 - bar[1:] / bar[:-1]).clamp(max=0.999), 0).float()
    model = Policy(observation.shape[1], action.shape[1], a.width, a.layers, a.heads)
    ema = {k: v.detach().clone() for k, v in model.named_parameters()}
    optimiser = torch.optim.AdamW(model.parameters(), a.lr, betas=(0.9, 0.95), weight_decay=1e-3)
    print(len(seen), 'moments,', sum(v.numel() for v in ema.values()), 'parameters', flush=True)

    config = {'input_dim': action.shape[1], 'output_dim': action.shape[1], 'horizon': HORIZON, 'n_obs_steps': OBSERVATIONS,
              'cond_dim': observation.shape[1], 'n_layer': a.layers, 'n_head': a.heads, 'n_emb': a.width, 'causal_attn': True,
              'time_as_cond': True, 'n_cond_layers': 0, 'num_train_timesteps': TRAIN_STEPS, 'beta_schedule': 'squaredcos_cap_v2',
              'prediction_type': 'sample'}

    def export():
        save(a.out, {k: v.half() for k, v in ema.items()},
             {'model_class': 'TransformerForDiffusion', 'config': json.dumps(config), 'training_steps': str(step), 'license': 'MIT'})

    start, step, mean, share = time.time(), 0, None, 0
    while share < 1:
        step += 1
        share = min(1, (time.time() - start) / (60 * a.minutes))
        rate = min(1, step / 200) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))
        for group in optimiser.param_groups:
            group['lr'] = a.lr * rate
        pick = torch.randint(len(seen), (a.batch,))
        clean, t = action[done[pick]], torch.randint(TRAIN_STEPS, (a.batch,))
        noise, level = torch.randn_like(clean), bars[t][:, None, None]
        made = model(level.sqrt() * clean + (1 - level).sqrt() * noise, t, observation[seen[pick]])
        loss = ((made - clean).square() * (level / (1 - level)).clamp(0.5, 5)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        d = min(a.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_mul_(list(ema.values()), d)
            torch._foreach_add_(list(ema.values()), [v.data for v in model.parameters()], alpha=1 - d)
        mean = loss.item() if mean is None else 0.99 * mean + 0.01 * loss.item()
        if step % 100 == 0:
            print(f'step {step} loss {mean:.4f} {(time.time() - start) / 60:.1f} min', flush=True)
        if step % 500 == 0 or share == 1:
            export()


if __name__ == '__main__':
    main()
