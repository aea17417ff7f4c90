namespace Acceleration;

/// <summary>Some of the training steps that a latent consistency model was distilled on: <see cref="LcmTimesteps"/>.</summary>
/// <param name="Steps">N, from 1 to the distilled steps that <see cref="Strength"/> leaves.</param>
[Entry("lcm", "lcmgrid")]
public sealed record LcmGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Steps { get; init => field = Require.StepsOf<LcmGrid>(value); } = Require.StepsOf<LcmGrid>(Steps);

    /// <summary>Training steps used in distillation.</summary>
    [InTag("of")]
    [AtLeast(1)]
    public int OriginalSteps { get; init => field = Require.AtLeast(1, value); } = 50;

    /// <summary>Share of these in use, above 0 and at most 1; below 1 for image-to-image.</summary>
    [InTag("w")]
    [Within(0, 1, OpenBelow = true)]
    public double Strength { get; init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Strength), value, "Must be above 0 and at most 1."); } = 1;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network)
    {
        var table = TrainingSteps.Of(network);
        return DdimSchedule.Through("lcm", table, LcmTimesteps.Make(table.TrainSteps, Steps, OriginalSteps, Strength));
    }
}
