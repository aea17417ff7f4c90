using static TorchSharp.torch;

namespace Acceleration.Policy;

/// <summary>Writes what the training script learns from.</summary>
internal static class Demonstrations
{
    /// <summary>Demonstrations that are usually written.</summary>
    public const int Usual = 3000;

    /// <summary>Scenes of training; those that are tried later have seeds of their own.</summary>
    private const int FirstSeed = 1_000_000;

    /// <summary>Writes observations, actions and lengths of as many demonstrations as arrive.</summary>
    /// <param name="path">A .safetensors file: <c>observation</c> [steps, 7], <c>action</c> [steps, 2], <c>length</c> int64 [demonstrations], one after the other.</param>
    /// <param name="count">How many.</param>
    /// <returns>Steps written, and how many demonstrations were left out because they collided or came late.</returns>
    public static (int Steps, int Failed) Write(string path, int count)
    {
        var (observations, actions, lengths, failed) = (new List<float>(), new List<float>(), new List<long>(), 0);
        var observation = new float[Robot.ObservationSize];
        for (var seed = FirstSeed; lengths.Count < count; seed++)
        {
            var demonstrator = new Demonstrator(Scene.Of(seed), seed);
            var (steps, before) = (0, (observations.Count, actions.Count));
            for (; demonstrator.Robot.Outcome == Outcome.Running; steps++)
            {
                demonstrator.Robot.Observe(observation);
                observations.AddRange(observation);
                var action = demonstrator.Step();
                actions.AddRange([action.X, action.Y]);
            }

            if (demonstrator.Robot.Outcome == Outcome.Arrived)
            {
                lengths.Add(steps);
                continue;
            }

            failed++;
            observations.RemoveRange(before.Item1, observations.Count - before.Item1);
            actions.RemoveRange(before.Item2, actions.Count - before.Item2);
        }

        using var scope = NewDisposeScope();
        SafetensorsFile.Write(
            path,
            [
                ("observation", tensor(observations.ToArray()).view(-1, Robot.ObservationSize)),
                ("action", tensor(actions.ToArray()).view(-1, Robot.ActionSize)),
                ("length", tensor(lengths.ToArray())),
            ]);
        return (actions.Count / Robot.ActionSize, failed);
    }
}
