using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Residual blocks at one resolution, each followed by an attention where there are any.</summary>
internal sealed record KlLevel(IReadOnlyList<KlResidual> Residuals, IReadOnlyList<KlAttention> Attentions)
{
    public static KlLevel Read(IWeightSource weights, string name, int inputs, int outputs, int layers, int attentions, KlConfig c, NetworkOptions options) => new(
        [.. Enumerable.Range(0, layers).Select(i => KlResidual.Read(weights, $"{name}.resnets.{i}", i == 0 ? inputs : outputs, outputs, c, options))],
        [.. Enumerable.Range(0, attentions).Select(i => KlAttention.Read(weights, $"{name}.attentions.{i}", outputs, c, options))]);

    /// <summary>Takes its input over: it is released as soon as it is no longer needed.</summary>
    public Tensor Apply(Tensor x)
    {
        for (var i = 0; i < Residuals.Count; i++)
        {
            x = Replaced(x, Residuals[i].Apply(x));
            if (i < Attentions.Count)
            {
                x = Replaced(x, Attentions[i].Apply(x));
            }
        }

        return x;
    }

    /// <summary>Half the sides. Zeros stand at the right and at the bottom only.</summary>
    public static Tensor Halved(Tensor x, Conv2d conv)
    {
        using (x)
        {
            using var padded = functional.pad(x, (0, 1, 0, 1));
            return conv.Apply(padded);
        }
    }

    /// <summary>Twice the sides.</summary>
    public static Tensor Doubled(Tensor x, Conv2d conv)
    {
        using (x)
        {
            using var larger = functional.interpolate(x, scale_factor: [2, 2]);
            return conv.Apply(larger);
        }
    }

    private static Tensor Replaced(Tensor old, Tensor now)
    {
        old.Dispose();
        return now;
    }
}
