using Acceleration.Models;

namespace Acceleration.Fuzz;

/// <summary>Plans that can be read, built for networks and run for some steps.</summary>
internal sealed class SamplingTarget : IFuzzTarget
{
    private const int MostSteps = 12;
    private const double LargestScale = 4;
    private readonly TagMutator _mutator = new(PlanSeeds.TagWords);
    private readonly string _path;

    public SamplingTarget(string folder)
    {
        _path = Path.Combine(folder, "sampled.safetensors");
        TinyDiT.Write(_path, TinyDiT.Config);
    }

    public string Name => "sampling";

    public int Weight => 1;

    /// <summary>A schedule of a million steps.</summary>
    public long Allowance => 512L << 20;

    public byte[] Make(Random random)
    {
        var tag = _mutator.Change(random, random.Of(PlanSeeds.Tags), random.Of(PlanSeeds.Tags));
        for (var tries = 0; tries < 20 && !IsPlan(tag); tries++)
        {
            tag = _mutator.Change(random, random.Of(PlanSeeds.Tags), random.Of(PlanSeeds.Tags));
        }

        return Utf16.Bytes(tag);
    }

    public string Run(byte[] input)
    {
        AccelerationPlan plan;
        try
        {
            plan = AccelerationPlan.Parse(Utf16.Text(input));
        }
        catch (Exception e) when (e is PlanException or IOException)
        {
            return e.GetType().Name;
        }

        // Loaded anew each time: a network keeps the position tables of the sizes it has met.
        using var flow = BuiltPlan.Flow();
        using var dit = DiT.Load(_path);
        return $"ran on {new[] { flow, dit }.Count(n => BuiltPlan.For(n, plan) is { } sampler && Ran(sampler))}";
    }

    private static bool IsPlan(string tag)
    {
        try
        {
            AccelerationPlan.Parse(tag);
            return true;
        }
        catch (PlanException)
        {
            return false;
        }
        catch (Exception)
        {
            // Whatever it is, it is to be seen when the input is run.
            return true;
        }
    }

    private static bool Ran(Sampler sampler)
    {
        if (sampler.Steps > MostSteps || sampler.Stages.Any(s => s.Scale > LargestScale))
        {
            return false;
        }

        using var condition = Conditioning.Labels(0, 1);
        try
        {
            using var result = sampler.Generate(new() { Condition = condition });
            return true;
        }
        catch (Exception e) when (e is SamplingException or ArgumentException)
        {
            Expect.Message(e.Message);
            return false;
        }
    }
}
