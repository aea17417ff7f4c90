namespace Acceleration;

/// <summary>One stage of bottleneck sampling.</summary>
/// <param name="Scale">Sides relative to the request's, above 0 and at most <see cref="Stage.MostScale"/>: 1 at full resolution, 0.5 in the bottleneck.</param>
/// <param name="Steps">N: steps of the stage's whole grid.</param>
/// <param name="Strength">w: how much of the grid is run, 1 for the first stage. Published: 1, 0.8, 0.6.</param>
/// <param name="Shift">s: shift of the noise levels towards noise, above 0; 1 for none. Published for FLUX: 9, 6, 9.</param>
public sealed record BottleneckStage(double Scale, int Steps, double Strength = 1, double Shift = 1)
{
    /// <summary>Sides relative to the request's.</summary>
    [InTag]
    [Within(0, Stage.MostScale, OpenBelow = true)]
    public double Scale { get; init => field = Stage.RequireScale(value); } = Stage.RequireScale(Scale, nameof(Scale));

    /// <summary>N: steps of the stage's whole grid.</summary>
    [InTag("n")]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.Within(1, Schedule.MostSteps, value); } = Require.Within(1, Schedule.MostSteps, Steps, nameof(Steps));

    /// <summary>w: how much of the grid is run.</summary>
    [InTag("w")]
    [Within(0, 1, OpenBelow = true)]
    public double Strength { get; init => field = Share(value); } = Share(Strength);

    /// <summary>s: shift of the noise levels towards noise.</summary>
    [InTag("s")]
    [Above(0)]
    public double Shift { get; init => field = Require.Above(0, value); } = Require.Above(0, Shift, nameof(Shift));

    private static double Share(double value) =>
        value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Strength), value, "Must lie above 0 and be at most 1.");
}
