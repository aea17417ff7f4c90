namespace Acceleration;

/// <summary>What a plan was made for. Parts left out are not compared.</summary>
[Entry("calibration", "on")]
public sealed record Calibration
{
    /// <summary><see cref="DenoiserInfo.Fingerprint"/>.</summary>
    [InTag]
    public string? Network { get; init; }

    /// <summary>Name of the solver.</summary>
    [InTag("/")]
    public string? Solver { get; init; }

    /// <summary>Solver steps over all stages.</summary>
    [InTag("^")]
    [AtLeast(1)]
    public int? Steps { get; init => field = Acceleration.Require.AtLeast(1, value); }

    /// <summary>Latent size of one sample, [channels, ...].</summary>
    [InTag(":")]
    public IReadOnlyList<long>? Size { get; init => field = value is null ? null : ValueList.Of(value); }

    /// <summary>Guidance scale s in u + s·(c − u); 1 without guidance.</summary>
    [InTag("=")]
    public double? GuidanceScale { get; init => field = value is { } scale ? Acceleration.Require.Finite(scale) : null; }

    /// <summary>What a sampler is, at its network's own size unless another is given.</summary>
    public static Calibration Of(Sampler sampler, IReadOnlyList<long>? size = null)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        var network = sampler.Denoiser.Info;
        return new() { Network = network.Fingerprint, Solver = sampler.Solver.Name, Steps = sampler.Steps, Size = size ?? network.SampleSize, GuidanceScale = sampler.Info.GuidanceScale };
    }

    /// <summary>Every part in which something else differs, as messages say it.</summary>
    internal IEnumerable<string> Differences(Calibration actual)
    {
        if (Network is not null && actual.Network is not null && Network != actual.Network)
        {
            yield return $"network {PlanException.Shorten(Network)}, here {actual.Network}";
        }

        if (Solver is not null && actual.Solver is not null && Solver != actual.Solver)
        {
            yield return $"solver {PlanException.Shorten(Solver)}, here {actual.Solver}";
        }

        if (Steps is not null && actual.Steps is not null && Steps != actual.Steps)
        {
            yield return $"{Steps} steps, here {actual.Steps}";
        }

        if (Size is not null && actual.Size is not null && !Size.SequenceEqual(actual.Size))
        {
            yield return $"size [{PlanException.Shorten(string.Join(", ", Size))}], here [{string.Join(", ", actual.Size)}]";
        }

        if (GuidanceScale is not null && actual.GuidanceScale is not null && GuidanceScale != actual.GuidanceScale)
        {
            yield return FormattableString.Invariant($"guidance scale {GuidanceScale}, here {actual.GuidanceScale}");
        }
    }

    /// <summary>Refuses what differs.</summary>
    /// <exception cref="CalibrationException">Something does.</exception>
    internal void Require(Calibration actual)
    {
        string[] differences = [.. Differences(actual)];
        if (differences.Length > 0)
        {
            throw new CalibrationException(differences);
        }
    }
}
