using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Changes the size of latents between stages. [samples, channels, ...] in and out.</summary>
/// <param name="clean">Predicted clean latents at the end of a stage, or what else <see cref="StageStart"/> says.</param>
/// <param name="size">Size of one sample in the next stage, [channels, ...].</param>
public delegate Tensor Resample(Tensor clean, IReadOnlyList<long> size);

/// <summary>Puts resampled latents back on the trajectory.</summary>
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
    /// <summary>The largest <see cref="Scale"/>: a plan from elsewhere must not ask for memory without end.</summary>
    public const double MostScale = 16;

    /// <summary>How much of the grid is run, 0..1, counted from its end as image-to-image does: the first ⌊N·(1 − Strength)⌋ steps are left out.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Sides relative to the request's where <see cref="Size"/> is null, above 0 and at most <see cref="MostScale"/>; rounded to multiples that the network can take.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What of the stage before is resampled and noised.</summary>
    public StageStart Start { get; init; } = StageStart.Clean;

    /// <summary>How latents get the stage's size; the default takes the nearest pixel.</summary>
    public Resample Resample { get; init; } = Resampler.Of(Resampling.Nearest);

    /// <summary>How they are noised; the default is α·clean + σ·noise at the start level.</summary>
    public Renoise Renoise { get; init; } = AddNoise;

    /// <summary>α·clean + σ·noise.</summary>
    public static Tensor AddNoise(Tensor clean, Tensor noise, GridPoint start) => clean.Times(start.Alpha).Plus(noise.Times(start.Sigma));

    /// <summary>Latent size of one sample for a request of size <paramref name="requested"/>.</summary>
    internal IReadOnlyList<long> SizeFor(IReadOnlyList<long> requested, DenoiserInfo network)
    {
        if (Size is not null || Scale == 1)
        {
            return Size ?? requested;
        }

        var sides = Math.Min(2, requested.Count - 1);
        return [.. requested.SkipLast(sides), .. requested.TakeLast(sides).Select(Scaled)];

        long Scaled(long side) => Math.Max(1, (long)Math.Round(side * Scale / network.SizeMultiple)) * network.SizeMultiple;
    }

    internal static double RequireScale(double value, [CallerMemberName] string name = "") =>
        value is > 0 and <= MostScale ? value : throw new ArgumentOutOfRangeException(name, value, $"The scale of a stage is a number above 0 and at most {MostScale}.");

    /// <summary>Refuses stages that take more steps together than a schedule may have.</summary>
    internal static void RequireSteps(IEnumerable<int> steps, string name)
    {
        var all = steps.Sum(s => (long)s);
        if (all > Schedule.MostSteps)
        {
            throw new ArgumentException($"The stages have {all} steps together; {Schedule.MostSteps} at most.", name);
        }
    }

    /// <summary>The steps that are run.</summary>
    internal Schedule Executed()
    {
        RequireScale(Scale, nameof(Scale));
        if (!(Strength is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Strength), Strength, "The strength of a stage lies above 0 and at most at 1.");
        }

        var run = Math.Min(Grid.Steps * Strength, Grid.Steps);
        var start = (int)Math.Max(Grid.Steps - run, 0);
        return Grid.From(Math.Min(start, Grid.Steps - 1));
    }
}
