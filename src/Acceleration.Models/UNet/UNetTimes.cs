using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Where a residual block finds what it is told of the time.</summary>
/// <param name="IsRaw">Whether from the embedding itself; else from its activation.</param>
/// <param name="From">Where it begins among those of its kind.</param>
/// <param name="Count">Its width.</param>
internal readonly record struct UNetTimePart(bool IsRaw, int From, int Count);

/// <summary>What the residual blocks are told of the time, in one matrix product for all of them.</summary>
/// <param name="c">Sizes.</param>
internal sealed class UNetTimes(UNetConfig c)
{
    private readonly List<(string Name, long Outputs)> _active = [];
    private readonly List<(string Name, long Outputs)> _raw = [];
    private Linear? _ofActive;
    private Linear? _ofRaw;

    /// <summary>Width of all that comes from the activation of the embedding.</summary>
    public int ActiveWidth => (int)_active.Sum(p => p.Outputs);

    /// <summary>Where it computes, once its layers have been read.</summary>
    public Device Device => (_ofActive ?? _ofRaw)!.Weight.device;

    /// <summary>Notes a block.</summary>
    public UNetTimePart Add(string name, int channels, bool isRaw)
    {
        var parts = isRaw ? _raw : _active;
        var (from, count) = ((int)parts.Sum(p => p.Outputs), c.ScaleShift ? 2 * channels : channels);
        parts.Add((name, count));
        return new(isRaw, from, count);
    }

    /// <summary>Takes the layers of all blocks that were noted.</summary>
    public void Read(IWeightSource weights) => (_ofActive, _ofRaw) = (Stack(weights, _active), Stack(weights, _raw));

    /// <summary>[rows, all widths].</summary>
    public Tensor Compute(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts =
        [
            .. _ofActive is null ? [] : new[] { _ofActive.Apply(c.Activation.Apply(embedding)) },
            .. _ofRaw is null ? [] : new[] { _ofRaw.Apply(embedding) },
        ];
        return (parts.Length == 1 ? parts[0] : cat(parts, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>A block scales by 1 + what it is told: with the 1 in the bias, the product gives the factor itself.</summary>
    private Linear? Stack(IWeightSource weights, IReadOnlyList<(string Name, long Outputs)> parts)
    {
        if (parts.Count == 0)
        {
            return null;
        }

        var stack = Linear.ReadStack(weights, c.EmbeddingWidth, parts);
        long at = 0;
        foreach (var (_, outputs) in parts)
        {
            if (c.ScaleShift)
            {
                using var scales = stack.Bias!.narrow(0, at, outputs / 2);
                scales.Increment();
            }

            at += outputs;
        }

        return stack;
    }
}
