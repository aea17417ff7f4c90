using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What merging costs and saves in one attention part of a block, measured here on random numbers of one row. Milliseconds, each the least of a few runs.</summary>
/// <param name="Plan">Matching tokens and making the plan; shared by <see cref="ToMeSD.Blocks"/> × <see cref="ToMeSD.Every"/> uses.</param>
/// <param name="Move">Reducing the part's input and expanding its output.</param>
/// <param name="Whole">The attention part on all tokens: its four projections and the attention.</param>
/// <param name="Merged">The same on the tokens that are kept.</param>
public sealed record MergeCost(double Plan, double Move, double Whole, double Merged)
{
    private const long HeadDim = 64;
    private const int Tries = 3;

    /// <summary>Uses of one plan from which on merging is faster; null where no number of uses makes it so.</summary>
    public double? BreakEvenUses => Whole - Merged - Move is var saved && saved > 0 ? Plan / saved : null;

    /// <summary>How much faster the attention part becomes when a plan is used so many times.</summary>
    public double Speedup(double uses) => Whole / (Merged + Move + (Plan / uses));

    /// <summary>Measures.</summary>
    /// <param name="merging">The setting; its ratio and strides count.</param>
    /// <param name="layout">The token grid.</param>
    /// <param name="width">Channels.</param>
    /// <param name="type">Type of the activations.</param>
    /// <param name="device">Where to measure; null for the CPU.</param>
    public static MergeCost Measure(ToMeSD merging, TokenLayout layout, long width, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(merging);
        ArgumentNullException.ThrowIfNull(layout);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var on = device ?? CPU;

        // Random numbers, not equal ones: a sort of equals would be too easy. From a generator of its own.
        using var generator = new Generator(1, on);
        var x = randn([1, layout.Tokens, width], type, on, generator: generator);
        var qkv = KeptScalars.Full([3 * width, width], 0.01, type, on);
        var projection = KeptScalars.Full([width, width], 0.01, type, on);
        var plan = Make();
        var kept = plan.Reduce(x);
        return new(
            Least(on, () => Make()),
            Least(on, () => plan.Expand(plan.Reduce(x))),
            Least(on, () => Part(x)),
            Least(on, () => Part(kept)));

        MergePlan Make()
        {
            var (sources, destinations) = TokenPartition.Cells(layout.Height, layout.Width, merging.StrideY, merging.StrideX, null, layout.Frames, on);
            return TokenMatching.Of(x, sources, destinations, (long)(layout.Tokens * merging.Ratio)).Plan();
        }

        Tensor Part(Tensor tokens)
        {
            var (n, heads) = (tokens.size(1), Math.Max(1, width / HeadDim));
            var parts = MatrixProduct.Compute(tokens, qkv).view(1, n, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind();
            var mixed = DenseAttention.Compute(parts[0], parts[1], parts[2]);
            return MatrixProduct.Compute(mixed.transpose(1, 2).reshape(1, n, width), projection);
        }
    }

    private static double Least(Device device, Action work)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i <= Tries; i++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            work();
            if (device.type == DeviceType.CUDA)
            {
                cuda.synchronize(device);
            }

            // The first run is for the probes of the operators inside.
            least = i == 0 ? least : Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return least;
    }
}
