namespace Acceleration;

/// <summary>One stage of latent upsampling.</summary>
/// <param name="Scale">Sides relative to the request's; each stage has those of the one before, or twice as many.</param>
/// <param name="Steps">Steps of the stage.</param>
/// <param name="End">e = 1 − σ at which it ends; 1 for the last.</param>
/// <param name="Shift">h: shift of its noise levels towards noise; 1 for none.</param>
public sealed record UpsamplingStage(double Scale, int Steps, double End, double Shift = 1)
{
    /// <summary>Sides relative to the request's.</summary>
    [InTag]
    [Within(0, Stage.MostScale, OpenBelow = true)]
    public double Scale { get; init => field = Stage.RequireScale(value); } = Stage.RequireScale(Scale, nameof(Scale));

    /// <summary>Steps of the stage.</summary>
    [InTag("n")]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.Within(1, Schedule.MostSteps, value); } = Require.Within(1, Schedule.MostSteps, Steps, nameof(Steps));

    /// <summary>e = 1 − σ at which it ends.</summary>
    [InTag("e")]
    [Within(0, 1, OpenBelow = true)]
    public double End { get; init => field = Ending(value); } = Ending(End);

    /// <summary>h: shift of its noise levels towards noise.</summary>
    [InTag("s")]
    [Above(0)]
    public double Shift { get; init => field = Require.Above(0, value); } = Require.Above(0, Shift, nameof(Shift));

    private static double Ending(double value) =>
        value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(End), value, "Must lie above 0 and be at most 1.");
}
