namespace Acceleration.Policy;

/// <summary>What a setting did.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Robots">One for each episode, at its end.</param>
/// <param name="Evaluations">Network evaluations of one plan.</param>
/// <param name="Milliseconds">Time of one plan for one robot.</param>
/// <param name="Drawn">The rollouts that are drawn, scene by scene; empty where none are.</param>
internal sealed record Measured(Setting Setting, IReadOnlyList<Robot> Robots, double Evaluations, double Milliseconds, IReadOnlyList<IReadOnlyList<Robot>> Drawn)
{
    public double Success => Share(Outcome.Arrived);

    public double Collisions => Share(Outcome.Collided);

    /// <summary>Plans per second.</summary>
    public double Hertz => 1000 / Milliseconds;

    private double Share(Outcome outcome) => (double)Robots.Count(r => r.Outcome == outcome) / Robots.Count;
}
