using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>A network whose unconditional output obeys u_k = 0.7·c_k + 0.2·c_(k−1) + 0.1·u_(k−1) along each trajectory, and is c_0 / 2 at its start. It remembers what it said for each sample; one run at a time.</summary>
internal sealed class RecursiveNetwork : IDenoiser
{
    private readonly Dictionary<int, (Tensor Cond, Tensor Uncond)> _last = [];

    public DenoiserInfo Info { get; } = Toy.Info("recursive", PredictionType.Epsilon);

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var rows = evaluation.Rows;
        var outputs = new Tensor[rows.Count];
        var now = new Dictionary<int, (Tensor Cond, Tensor Uncond)>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!now.TryGetValue(rows[i].Sample, out var pair))
            {
                now[rows[i].Sample] = pair = Next(rows[i].Sample, latents.narrow(0, i, 1), evaluation.Step.Index);
            }

            outputs[i] = rows[i].Branch == Branch.Unconditional ? pair.Uncond : pair.Cond;
        }

        foreach (var (sample, pair) in now)
        {
            Forget(sample);
            _last[sample] = (pair.Cond.alias().DetachFromDisposeScope(), pair.Uncond.alias().DetachFromDisposeScope());
        }

        return cat(outputs, 0);
    }

    public void Dispose()
    {
        foreach (var sample in _last.Keys.ToArray())
        {
            Forget(sample);
        }
    }

    private (Tensor Cond, Tensor Uncond) Next(int sample, Tensor x, int step)
    {
        var cond = (x * (0.4 + (0.1 * Math.Sin(3 * step)))) + ((x * (2 + sample)).sin() * (0.6 + (0.3 * Math.Cos(step * step)))) + ((x * 5).cos() * Math.Sin(step * 2));
        return step == 0 ? (cond, cond * 0.5) : (cond, (cond * 0.7) + (_last[sample].Cond * 0.2) + (_last[sample].Uncond * 0.1));
    }

    private void Forget(int sample)
    {
        if (_last.Remove(sample, out var pair))
        {
            pair.Cond.Dispose();
            pair.Uncond.Dispose();
        }
    }
}
