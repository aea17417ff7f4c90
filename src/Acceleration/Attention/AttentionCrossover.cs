using System.Collections.Concurrent;
using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>From how many tokens on a pattern is faster than dense attention, measured once per process for each pattern, head size, type and device.</summary>
internal static class AttentionCrossover
{
    private const int Heads = 2;
    private const int Tries = 3;

    // Above this density a pattern has nothing to win; what a pattern must win by, since its result differs.
    private const double MostDense = 0.95;
    private const double Margin = 0.95;
    private static readonly ConcurrentDictionary<Key, Lazy<int>> Known = new();

    // Squares and their halves, up to where any pattern worth its name has won.
    private static readonly TokenGrid[] Images = [new(16, 1, 16), new(16, 1, 32), new(32, 1, 32), new(32, 1, 64), new(64, 1, 64), new(64, 1, 128), new(128, 1, 128)];
    private static readonly TokenGrid[] Videos = [new(4, 8, 16), new(4, 16, 16), new(8, 16, 16), new(8, 16, 32), new(8, 32, 32), new(16, 32, 32)];

    /// <summary>Fewest tokens at which the pattern has won; one more than were tried where it never has.</summary>
    public static int Tokens(IAttentionPattern pattern, TokenGrid grid, in AttentionInput input)
    {
        var q = input.Query;
        var key = new Key(pattern, grid.Middle == 1, q.size(3), q.dtype, q.device_type, q.device_index);
        return Known.GetOrAdd(key, static k => new(() => Measure(k))).Value;
    }

    private static int Measure(Key key)
    {
        using var noGradients = no_grad();
        var family = key.Image ? Images : Videos;
        foreach (var grid in family)
        {
            var plan = new GroupedPlan(key.Pattern, grid);
            if (plan.Density <= MostDense && PatternWins(key, plan))
            {
                return (int)grid.Tokens;
            }
        }

        return (int)family[^1].Tokens + 1;
    }

    private static bool PatternWins(Key key, GroupedPlan plan)
    {
        using var scope = NewDisposeScope();
        var grid = plan.Grid;
        var layout = key.Image ? new TokenLayout(1, (int)grid.Leading, (int)grid.Trailing) : new TokenLayout((int)grid.Leading, (int)grid.Middle, (int)grid.Trailing);
        var device = new Device(key.DeviceType, key.DeviceIndex);
        Tensor Operand() => KeptScalars.Full([1, grid.Tokens, Heads, key.HeadDim], 0.5, key.Type, device).transpose(1, 2);
        var input = new AttentionInput(Operand(), Operand(), Operand());
        double dense = double.PositiveInfinity, sparse = double.PositiveInfinity;
        for (var i = 0; i <= Tries; i++)
        {
            // The first round is for the probes of the operators inside.
            dense = Math.Min(dense, i == 0 ? double.PositiveInfinity : Time(device, () => DenseAttention.Compute(input)));
            sparse = Math.Min(sparse, Time(device, () => GroupedAttention.Compute(input, layout, plan)) + (i == 0 ? double.PositiveInfinity : 0));
        }

        return sparse < Margin * dense;
    }

    private static double Time(Device device, Func<Tensor> work)
    {
        var start = Stopwatch.GetTimestamp();
        work().Dispose();
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private readonly record struct Key(IAttentionPattern Pattern, bool Image, long HeadDim, ScalarType Type, DeviceType DeviceType, int DeviceIndex);
}
