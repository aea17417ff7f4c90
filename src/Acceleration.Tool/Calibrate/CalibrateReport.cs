namespace Acceleration.Tool;

/// <summary>What <c>calibrate</c> made.</summary>
internal sealed record CalibrateReport
{
    /// <summary>The plan's file.</summary>
    public required string Plan { get; init; }

    /// <summary>The picture of what was measured.</summary>
    public required string Picture { get; init; }

    public required string Method { get; init; }

    /// <summary>Network, solver and guidance that it was calibrated on.</summary>
    public required string Network { get; init; }

    public required string Sampler { get; init; }

    /// <summary>What the plan adds.</summary>
    public required string Strategy { get; init; }

    public required int Samples { get; init; }

    /// <summary>Seconds of recording and fitting.</summary>
    public required double Seconds { get; init; }

    public required string Measured { get; init; }

    public required string Budget { get; init; }

    /// <summary>A run of the plan on samples that were not recorded.</summary>
    public required Trial Check { get; init; }

    /// <summary>The plans of further budgets; null where none were asked for.</summary>
    public IReadOnlyList<CalibrateReport>? More { get; init; }

    /// <summary>One run with the plan, beside one without.</summary>
    /// <param name="Samples">Samples.</param>
    /// <param name="ArithmeticSpeedup">Multiply-adds without the plan by those with it.</param>
    /// <param name="Evaluations">Network evaluations of a sample.</param>
    /// <param name="FullEvaluations">Those without the plan.</param>
    /// <param name="Relative">Root mean square of the latents' error, as a part of the latents' own.</param>
    internal sealed record Trial(int Samples, double ArithmeticSpeedup, double Evaluations, double FullEvaluations, double Relative);
}
