namespace Acceleration.Tool;

/// <summary>What a calibration is to aim at; null for what is usual for the method.</summary>
internal sealed record CalibrateTuning
{
    /// <summary>Most computed steps, or of BAC the updates of each part before the repair.</summary>
    public int? Budget { get; init; }

    /// <summary>Further budgets.</summary>
    public IReadOnlyList<int> Also { get; init; } = [];

    public double? Threshold { get; init; }

    /// <summary>Most steps from a computed one to the last that reuses it, or to the next computed one.</summary>
    public int? Lookback { get; init; }

    /// <summary>Of one in so many steps what is left out before it is followed to the end.</summary>
    public int? Stride { get; init; }

    /// <summary>Most skipped steps in a row.</summary>
    public int? MaxSkip { get; init; }

    /// <summary>Share of the steps that are computed at the start.</summary>
    public double? Retention { get; init; }

    /// <summary>Share of all changes that count as none.</summary>
    public double? Quantile { get; init; }

    /// <summary>Blocks that are left out.</summary>
    public int? Blocks { get; init; }

    /// <summary>Degree of the polynomial.</summary>
    public int? Degree { get; init; }

    /// <summary>One computed step in every so many.</summary>
    public int? Interval { get; init; }

    /// <summary>Parts that are repaired.</summary>
    public int? Repaired { get; init; }

    /// <summary>The step from which on all are computed.</summary>
    public int? ForceFrom { get; init; }

    /// <summary>The skip connection of a UNet.</summary>
    public int? Cut { get; init; }

    /// <summary>Tag of a selector.</summary>
    public string? Where { get; init; }

    /// <summary>Tag of an approximation.</summary>
    public string? How { get; init; }

    /// <summary>The selector.</summary>
    /// <exception cref="ToolException">It is none.</exception>
    public Where At(Where usual)
    {
        try
        {
            return Where is null ? usual : Acceleration.Where.Parse(Where);
        }
        catch (ArgumentException e)
        {
            throw new ToolException($"--where '{Where}': {ErrorLine.Of(e)}", e);
        }
    }

    /// <summary>The approximation.</summary>
    /// <exception cref="ToolException">It is none.</exception>
    public IHow By(string usual)
    {
        try
        {
            return AccelerationPlan.Parse($"C:prediction:at0:{How ?? usual}").Strategies is [Cached cached] ? cached.How : throw new ToolException($"--how '{How}' is no single approximation, such as out, out^1@snr or res.");
        }
        catch (PlanException e)
        {
            throw new ToolException($"--how '{How}': {e.Message}", e);
        }
    }
}
