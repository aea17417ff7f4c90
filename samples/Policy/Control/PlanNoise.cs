using static TorchSharp.torch;

namespace Acceleration.Policy;

/// <summary>Noise of plans with seeds of their own: a plan does not depend on the others of its batch.</summary>
internal sealed class PlanNoise : INoiseSource
{
    private readonly INoiseSource[] _plans;

    public PlanNoise(IEnumerable<long> seeds) => _plans = [.. seeds.Select(seed => new SeededNoise(seed, 1))];

    private PlanNoise(INoiseSource[] plans) => _plans = plans;

    public Tensor Draw(IReadOnlyList<long> size)
    {
        using var scope = NewDisposeScope();
        return cat([.. _plans.Select(plan => plan.Draw(size))], 0).MoveToOuterDisposeScope();
    }

    public INoiseSource Clone() => new PlanNoise(Array.ConvertAll(_plans, plan => plan.Clone()));

    public void Dispose() => Array.ForEach(_plans, plan => plan.Dispose());
}
