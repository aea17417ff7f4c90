namespace Acceleration.Tool;

/// <summary>A calibration that learns from recorded trajectories.</summary>
/// <typeparam name="TStatistic">What learns.</typeparam>
internal abstract class RecordedCalibrator<TStatistic>(SamplerBuilder builder, TStatistic statistic, CalibrateTuning tuning, long memory) : Calibrator
    where TStatistic : ITrajectoryStatistic
{
    private readonly TrajectoryRecorder _recorder = Bounded(TrajectoryRecorder.For(builder, statistic), memory);

    public override Sampler Plain => _recorder.Sampler;

    protected TStatistic Statistic => statistic;

    protected CalibrateTuning Tuning => tuning;

    protected int Steps => Plain.Steps;

    public override long BytesOf(SamplingRequest request, CancellationToken cancellation) => _recorder.BytesOf(request, cancellation);

    public override void Record(SamplingRequest request, Action step, CancellationToken cancellation) => _recorder.Record(request, new Relay<SamplingProgress>(_ => step()), cancellation);

    public override AccelerationPlan Plan(IStrategy learned) => _recorder.Plan(learned);

    private static TrajectoryRecorder Bounded(TrajectoryRecorder recorder, long memory)
    {
        recorder.MostBytes = memory;
        return recorder;
    }

    /// <summary>A budget of computed steps, within the run.</summary>
    /// <exception cref="ToolException">It is above the number of steps.</exception>
    protected int Budget(int usual) => Tuning.Budget is not { } asked ? Math.Clamp(usual, 1, Steps)
        : asked <= Steps ? asked : throw new ToolException($"--budget: the run has {Steps} steps, so at most {Steps} can be computed, not {asked}.");

    /// <summary>Runs a fit; what it cannot reach becomes an error of the option.</summary>
    protected static T Reached<T>(string option, Func<T> fit)
    {
        try
        {
            return fit();
        }
        catch (ArgumentException e)
        {
            throw new ToolException($"{option}: {ErrorLine.Of(e)}", e);
        }
    }
}
