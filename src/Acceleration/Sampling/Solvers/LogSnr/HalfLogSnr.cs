namespace Acceleration;

/// <summary>λ = ln(α/σ), the time in which DPM-Solver and its kin step: half the log-SNR. In float32, as the reference schedulers hold it.</summary>
internal static class HalfLogSnr
{
    /// <summary>λ; +∞ where there is no noise.</summary>
    public static float Of(GridPoint at) => MathF.Log(at.Alpha) - MathF.Log(at.Sigma);

    /// <summary>Why a schedule has a level whose λ is not finite (the end may be clean); null where it has none.</summary>
    public static string? Refuse(Schedule grid)
    {
        for (var k = 0; k < grid.Steps; k++)
        {
            if (RefuseStep(grid, k) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <exception cref="ArgumentException">A step leaves or reaches a level whose λ is not finite.</exception>
    public static void Require(Schedule grid, int step)
    {
        if (RefuseStep(grid, step) is { } reason)
        {
            throw new ArgumentException($"Schedule {grid.Name}: {reason}");
        }
    }

    private static string? RefuseStep(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        return from.Alpha > 0 && from.Sigma > 0 && to.Alpha > 0 && to.Sigma >= 0
            ? null
            : FormattableString.Invariant($"step {step} goes from alpha {from.Alpha}, sigma {from.Sigma} to alpha {to.Alpha}, sigma {to.Sigma}; it needs both above 0 (sigma may end at 0), because it steps in ln(alpha/sigma). {nameof(MultistepGrid)} and {nameof(FlowMultistepGrid)} have such levels, also at zero terminal SNR.");
    }
}
