namespace Acceleration.Tests.Plans;

/// <summary>Lists of stages whose members bound each other: random numbers alone would never fit.</summary>
internal static class StageLists
{
    public static object Draw(Type stage, Random random)
    {
        if (stage == typeof(BottleneckStage))
        {
            return new BottleneckStage[]
            {
                new(1, random.Next(1, 30)) { Shift = Number(random, 9) },
                new(Number(random, 1), random.Next(1, 30), Number(random, 1), Number(random, 9)),
                new(1, random.Next(1, 30), Number(random, 1), Number(random, 9)),
            };
        }

        if (stage == typeof(UpsamplingStage))
        {
            return new UpsamplingStage[] { new(0.5, random.Next(1, 30), Number(random, 0.9), Number(random, 9)), new(1, random.Next(1, 30), 1, Number(random, 3)) };
        }

        throw new NotSupportedException($"Say here how stages of type {stage.Name} are drawn.");
    }

    private static double Number(Random random, double most) => Math.Round(random.NextDouble() * most, 3) + 0.001;
}
