using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Changes the size of clean latents between stages. [samples, channels, ...] in and out.</summary>
/// <param name="clean">Predicted clean latents at the end of a stage.</param>
/// <param name="size">Size of one sample in the next stage, [channels, ...].</param>
public delegate Tensor Resample(Tensor clean, IReadOnlyList<long> size);

/// <summary>Puts resampled clean latents back on the trajectory.</summary>
/// <param name="clean">Latents at the new size.</param>
/// <param name="noise">Unit normal noise of that shape, drawn at the stage's start.</param>
/// <param name="start">Noise level at which the stage starts.</param>
public delegate Tensor Renoise(Tensor clean, Tensor noise, GridPoint start);

/// <summary>
/// A part of the trajectory at one resolution. At its start latents are resampled and noised again, caches are emptied and the solver's history
/// restarts at order 1. A plain run is one stage.
/// </summary>
/// <param name="Size">Latent size of one sample, [channels, ...]; null for the request's own size.</param>
/// <param name="Grid">Noise levels.</param>
public sealed record Stage(IReadOnlyList<long>? Size, Schedule Grid)
{
    /// <summary>How much of the grid is run, 0..1, counted from its end as image-to-image does: the first N − ⌊N·Strength⌋ steps are left out.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>How latents get the stage's size; the default takes the nearest pixel.</summary>
    public Resample Resample { get; init; } = Nearest;

    /// <summary>How they are noised; the default is α·clean + σ·noise at the start level.</summary>
    public Renoise Renoise { get; init; } = AddNoise;

    /// <summary>Nearest-pixel resampling over the last two dimensions.</summary>
    public static Tensor Nearest(Tensor clean, IReadOnlyList<long> size)
    {
        var picked = clean.alias();
        foreach (var dim in new[] { (int)clean.ndim - 2, (int)clean.ndim - 1 })
        {
            var (from, to) = (clean.size(dim), size[dim - 1]);
            if (from != to)
            {
                long[] nearest = [.. Enumerable.Range(0, (int)to).Select(i => (long)((i + 0.5) * from / to))];
                using var index = tensor(nearest, device: clean.device);
                picked = picked.index_select(dim, index);
            }
        }

        return picked;
    }

    /// <summary>α·clean + σ·noise.</summary>
    public static Tensor AddNoise(Tensor clean, Tensor noise, GridPoint start) => (clean * start.Alpha) + (noise * start.Sigma);

    /// <summary>The steps that are run.</summary>
    internal Schedule Executed()
    {
        if (!(Strength is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Strength), Strength, "The strength of a stage lies above 0 and at most at 1.");
        }

        var run = Math.Min(Grid.Steps * Strength, Grid.Steps);
        var start = (int)Math.Max(Grid.Steps - run, 0);
        return Grid.From(Math.Min(start, Grid.Steps - 1));
    }
}
