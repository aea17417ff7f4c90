namespace Acceleration;

/// <summary>Training steps as uniform in log-SNR as they can be: <see cref="LogSnrTimesteps"/>.</summary>
/// <param name="Steps">N, 1..train steps.</param>
[Entry("logSnr", "snr")]
public sealed record LogSnrGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<LogSnrGrid>(value); } = Require.StepsOf<LogSnrGrid>(Steps);

    /// <summary>Whether the last step arrives at the clean sample; else at the first training step's noise level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var table = TrainingSteps.Of(network);
        return DdimSchedule.Through("log-snr", table, LogSnrTimesteps.Make(table, Steps), EndsClean);
    }
}
