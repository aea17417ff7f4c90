using System.Numerics;
using static TorchSharp.torch;

namespace Acceleration.Policy;

/// <summary>Lets a diffusion policy drive: it proposes 16 actions, the robot carries out eight of them, and it proposes again.</summary>
/// <param name="sampler">The policy with its solver and strategies.</param>
internal sealed class Controller(Sampler sampler)
{
    /// <summary>Actions that are carried out before the next plan.</summary>
    public const int Executed = 8;

    /// <summary>Observations the policy is given, the last one being what is seen now.</summary>
    private const int Observations = 2;

    private double _evaluations;
    private int _plans;

    /// <summary>Network evaluations of a plan for one robot, on average.</summary>
    public double EvaluationsPerPlan => _evaluations / _plans;

    /// <summary>Plans for several robots at once. A plan depends on its robot and its seed alone, not on who else is planned for.</summary>
    /// <param name="robots">The robots.</param>
    /// <param name="seeds">One for each.</param>
    /// <param name="cancellation">Stops between network calls.</param>
    /// <returns><see cref="Executed"/> actions for each robot.</returns>
    public IReadOnlyList<Vector2[]> Plan(IReadOnlyList<Robot> robots, IReadOnlyList<long> seeds, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var condition = new Conditioning(robots.Count, (ConditionNames.Observation, Observe(robots)));
        using var noise = new PlanNoise(seeds);
        using var result = sampler.Generate(new() { Condition = condition, Noise = noise }, cancellation: cancellation);
        _evaluations += result.Trace.Evaluations * robots.Count;
        _plans += robots.Count;
        return [.. Enumerable.Range(0, robots.Count).Select(i => Actions(result.Latents[i]))];
    }

    /// <summary>What robots see, and saw before: [robots, 2, 7].</summary>
    public static Tensor Observe(IReadOnlyList<Robot> robots)
    {
        var seen = new float[robots.Count * Observations * Robot.ObservationSize];
        for (var i = 0; i < robots.Count; i++)
        {
            for (var k = 0; k < Observations; k++)
            {
                robots[i].Observe(seen.AsSpan(((i * Observations) + k) * Robot.ObservationSize, Robot.ObservationSize), ago: Observations - 1 - k);
            }
        }

        return tensor(seen).view(robots.Count, Observations, Robot.ObservationSize);
    }

    /// <summary>The first actions of a plan belong to observations of the past.</summary>
    private static Vector2[] Actions(Tensor plan)
    {
        var numbers = plan.narrow(1, Observations - 1, Executed).contiguous().data<float>().ToArray();
        return [.. Enumerable.Range(0, Executed).Select(k => new Vector2(numbers[k], numbers[Executed + k]))];
    }
}
