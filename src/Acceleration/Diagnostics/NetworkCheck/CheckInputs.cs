using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a network under check is given: the same in every call.</summary>
internal sealed class CheckInputs : IDisposable
{
    private const ulong Seed = 20;
    private const double LargestTime = 999;

    /// <param name="info">The network.</param>
    /// <param name="rows">Rows of a call.</param>
    /// <param name="size">[channels, ...] of one row.</param>
    /// <param name="condition">The caller's, or null.</param>
    public CheckInputs(DenoiserInfo info, int rows, IReadOnlyList<long> size, Conditioning? condition)
    {
        using var generator = new Generator(Seed);
        Size = [.. size];
        Rows = RowSet.Of(rows, Branch.Conditional);
        Latents = randn([rows, .. Size], ScalarType.Float32, generator: generator).to(info.DType).to(info.Device);

        // Spread over the trajectory, in no order.
        var last = info.Noise is { } noise ? noise.TrainSteps - 1 : LargestTime;
        Times = tensor([.. Enumerable.Range(0, rows).Select(i => (float)Math.Floor(last * ((((i * 7) % rows) + 0.5) / rows)))], ScalarType.Float32, info.Device);
        using var own = condition is null ? Default(info, rows, Size, generator) : null;
        Condition = (condition ?? own!).To(info.Device);
    }

    private CheckInputs(CheckInputs whole, int[] positions)
    {
        Size = whole.Size;
        Rows = whole.Rows.At(positions);
        Latents = whole.Rows.Take(whole.Latents, positions);
        Times = whole.Rows.Take(whole.Times, positions);
        Condition = whole.Condition.Rows == 1 ? whole.Condition.Take([0]) : whole.Condition.Take(positions);
    }

    public long[] Size { get; }

    public RowSet Rows { get; }

    /// <summary>[rows, channels, ...], normal.</summary>
    public Tensor Latents { get; }

    /// <summary>float32 [rows]: another time in each.</summary>
    public Tensor Times { get; }

    public Conditioning Condition { get; }

    /// <summary>Some of the rows, at ascending positions.</summary>
    public CheckInputs At(int[] positions) => new(this, positions);

    public void Dispose()
    {
        Latents.Dispose();
        Times.Dispose();
        Condition.Dispose();
    }

    private static Conditioning Default(DenoiserInfo info, int rows, long[] size, Generator generator)
    {
        if (info.Conditions.Count > 0)
        {
            // What follows the sides of the latents in steps of its own is given where there is no doing without it.
            return new(rows, [.. info.Conditions.Where(c => !(c.IsOptional && c.IsSpatial)).Select(c => (c.Name, Random(c, c.FollowsLatents ? [c.Size[0], .. size[1..]] : c.Size, info, rows, generator)))]);
        }

        return info.Classes == 0 ? Conditioning.None(rows) : Conditioning.Labels(Labels(info, rows));
    }

    private static Tensor Random(ConditionSpec spec, IReadOnlyList<long> size, DenoiserInfo info, int rows, Generator generator) => spec.DType switch
    {
        ScalarType.Bool => ones([rows, .. size], ScalarType.Bool),
        ScalarType.Int64 => tensor(Labels(info, rows)),
        _ => randn([rows, .. size], ScalarType.Float32, generator: generator),
    };

    private static long[] Labels(DenoiserInfo info, int rows) => [.. Enumerable.Range(0, rows).Select(i => (long)i % Math.Max(1, info.Classes))];
}
