namespace Acceleration;

/// <summary>Noise levels or timesteps that a pipeline gives as they are: no plan holds them.</summary>
internal sealed class GivenLevels : IGrid
{
    private readonly Func<DenoiserInfo, Schedule> _make;

    /// <param name="call">What the pipeline asks for.</param>
    /// <param name="given">How many levels it gives.</param>
    /// <param name="make">Makes the schedule.</param>
    /// <exception cref="ArgumentException">It gives another number of levels than it asks for steps.</exception>
    public GivenLevels(SchedulerCall call, int given, Func<DenoiserInfo, Schedule> make)
    {
        _make = given == call.Steps ? make : throw new ArgumentException($"{given} levels are given for {call.Steps} steps.", nameof(call));
    }

    public Schedule On(DenoiserInfo network) => _make(network);
}
