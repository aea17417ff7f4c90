using System.Runtime.CompilerServices;

namespace Acceleration;

/// <summary>
/// What requests must have in common to run as one batch: the network, a sampler of the same plan, latent size, and the names, types and sizes of their conditions. Null for a request that must run by
/// itself.
/// </summary>
internal sealed class BatchKey
{
    private static readonly ConditionalWeakTable<Sampler, StrongBox<AccelerationPlan?>> Plans = [];
    private readonly Sampler _sampler;
    private readonly string _shapes;

    private BatchKey(Sampler sampler, string shapes) => (_sampler, _shapes) = (sampler, shapes);

    public static BatchKey? Of(Sampler sampler, SamplingRequest request)
    {
        // What a budget gives back depends on all that is remembered beside it.
        if (sampler.CacheBudget is not null)
        {
            return null;
        }

        var needs = sampler.Strategies.Select(s => s.Needs).ToArray();
        var differ = needs.Any(n => n.DecidesPerSample);
        if (needs.Any(n => n.DependsOnBatch == BatchDependence.Always || (differ && n.DependsOnBatch == BatchDependence.WhereSamplesDiffer)))
        {
            return null;
        }

        var size = string.Join('×', request.Size ?? sampler.Denoiser.Info.SampleSize);
        return new(sampler, $"{size} | {Of(request.Condition)} | {(request.Negative is { } negative ? Of(negative) : "own")} | {string.Join(" + ", request.Others.Select(Of))} | {request.Latents?.dtype}");
    }

    public bool Matches(BatchKey? other) => other is not null && other._shapes == _shapes && SameSampler(other._sampler);

    private static string Of(Conditioning condition) =>
        string.Join(", ", condition.Names.Order(StringComparer.Ordinal).Select(n => condition[n] is var t ? $"{n} {t.dtype} {t.device} {string.Join('×', t.shape.Skip(1))}" : ""));

    /// <summary>A plan does not say what happens to NaN.</summary>
    private bool SameSampler(Sampler other) =>
        ReferenceEquals(_sampler, other)
        || (ReferenceEquals(_sampler.Denoiser, other.Denoiser) && _sampler.NonFinite == other.NonFinite && PlanOf(_sampler) is { } plan && plan.Equals(PlanOf(other)));

    /// <summary>Null where a part of the sampler cannot be written down: then it is batched with itself alone.</summary>
    private static AccelerationPlan? PlanOf(Sampler sampler) => Plans.GetValue(sampler, static s =>
    {
        try
        {
            return new(s.ToPlan());
        }
        catch (PlanException)
        {
            return new(null);
        }
    }).Value;
}
