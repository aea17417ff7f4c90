namespace Acceleration;

/// <summary>Whether noise levels are told in the clock that a network reads.</summary>
internal static class ClockCheck
{
    /// <summary>What networks of a kind read where they say nothing else.</summary>
    public static NetworkClock UsualOf(PredictionType prediction) => prediction switch
    {
        PredictionType.Flow => NetworkClock.Flow,
        PredictionType.Preconditioned => NetworkClock.LogSigma,
        _ => NetworkClock.TrainingStep,
    };

    /// <exception cref="InvalidOperationException">A schedule tells the network another clock.</exception>
    public static void Require(DenoiserInfo network, ISolver solver, IEnumerable<Schedule> schedules)
    {
        if (schedules.FirstOrDefault(s => s.Clock is { } told && told != network.Clock) is not { } grid)
        {
            return;
        }

        throw new InvalidOperationException(
            $"{solver.Name} on the schedule {grid.Name} tells the network {Words(grid.Clock!.Value)}, and {network.Name} (prediction: {network.Prediction}) reads {Words(network.Clock)}: it would return noise without a word. "
            + $"Use {Solvers(network.Clock)}; or, if it was trained on {Words(grid.Clock!.Value)}, let it say {nameof(DenoiserInfo)}.{nameof(DenoiserInfo.Clock)} = {grid.Clock}.");
    }

    /// <summary>Solvers that tell a clock.</summary>
    public static string Solvers(NetworkClock clock) => clock switch
    {
        NetworkClock.Flow => ".FlowEuler(steps), .FlowHeun(steps), .DpmSolver(steps), .UniPc(steps), or any solver on a FlowGrid or a FlowMultistepGrid",
        NetworkClock.LogSigma => ".EdmHeun(steps), .EdmEuler(steps), or any solver on an EdmGrid or a SigmaGrid with Continuous",
        NetworkClock.Angle => ".Solve(new Ipndm(), new IpndmGrid(steps))",
        _ => ".Ddim(steps), .DpmSolver(steps), .UniPc(steps), .Euler(steps), or any solver on training steps",
    };

    private static string Words(NetworkClock clock) => clock switch
    {
        NetworkClock.Flow => "sigma·T of a flow",
        NetworkClock.LogSigma => "¼·ln sigma",
        NetworkClock.Angle => "the angle between signal and noise",
        _ => "training steps",
    };
}
