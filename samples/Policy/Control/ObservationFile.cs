using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Policy;

/// <summary>Writes what robots see when they ask for a plan: what <c>acceleration calibrate</c> gives the policy.</summary>
internal static class ObservationFile
{
    /// <summary>Observations that are usually written.</summary>
    public const int Usual = 64;

    private const int Steps = 10;

    /// <summary>Scenes of their own, none of which is trained on or tried later.</summary>
    private const int FirstSeed = 2_000_000;

    /// <param name="path">A .safetensors file with the policy's condition, [count, 2, 7].</param>
    /// <param name="weights">The policy, which drives.</param>
    /// <param name="count">How many; of each drive one, at a time of its own.</param>
    /// <param name="cancellation">Stops between network calls.</param>
    public static void Write(string path, string weights, int count, CancellationToken cancellation)
    {
        using var policy = Networks.Load(weights);
        var controller = new Controller(Sampler.For(policy).Ddim(Steps, clip: new SampleClip()).Build());
        using var scope = NewDisposeScope();
        var seen = new List<Tensor>();
        for (var seed = FirstSeed; seen.Count < count; seed++)
        {
            var episode = new Episode(Scene.Of(seed), seed);
            var robot = new Robot(episode.Scene);
            for (var plan = 0; robot.Outcome == Outcome.Running; plan++)
            {
                // Early and late times come alike often; a drive that ends before its time is left out.
                if (plan == (seed - FirstSeed) % 6)
                {
                    seen.Add(Controller.Observe([robot]));
                    break;
                }

                foreach (var action in controller.Plan([robot], [episode.PlanSeed(plan)], cancellation)[0])
                {
                    robot.Step(action);
                }
            }
        }

        SafetensorsFile.Write(path, [(ConditionNames.Observation, cat(seen, 0))]);
    }
}
