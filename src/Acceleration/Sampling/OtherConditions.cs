using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Further conditions of a request.</summary>
internal static class OtherConditions
{
    /// <summary>How many a sampler combines.</summary>
    public static int WantedBy(Sampler sampler) => sampler.Strategies.Max(s => (int?)s.Needs.OtherConditions) ?? 0;

    /// <summary>Refuses others than the sampler combines.</summary>
    public static void Require(Sampler sampler, SamplingRequest request)
    {
        var (wanted, given) = (WantedBy(sampler), request.Others ?? throw new ArgumentException($"{nameof(SamplingRequest.Others)} is null; without further conditions it is empty.", nameof(request)));
        if (given.Count != wanted)
        {
            throw new ArgumentException(
                given.Count == 0 ? $"{Combiner(sampler)} combines {wanted} further conditions: give them as {nameof(SamplingRequest.Others)}."
                : wanted == 0 ? $"The request has {given.Count} further conditions, and nothing in {PlanException.Shorten(sampler.Tag)} combines them: add {nameof(ComposedGuidance)}."
                : $"{Combiner(sampler)} combines {wanted} further conditions; the request has {given.Count}.",
                nameof(request));
        }

        foreach (var (i, other) in given.Index())
        {
            if (other is null || (other.Rows != request.Condition.Rows && other.Rows != 1))
            {
                throw new ArgumentException($"A further condition has one row per sample ({request.Condition.Rows}) or one for all; number {i + 1} {(other is null ? "is null" : $"has {other.Rows}")}.", nameof(request));
            }

            if (!other.Names.ToHashSet().SetEquals(request.Condition.Names))
            {
                throw new ArgumentException(
                    $"The condition has the tensors [{string.Join(", ", request.Condition.Names)}], further condition {i + 1} [{string.Join(", ", other.Names)}]: guidance needs the same names in all.", nameof(request));
            }
        }
    }

    /// <summary>Copies on a device; all or none.</summary>
    public static IReadOnlyList<Conditioning> To(Device device, IReadOnlyList<Conditioning> given)
    {
        var made = new List<Conditioning>(given.Count);
        try
        {
            made.AddRange(given.Select(g => g.To(device)));
            return made;
        }
        catch
        {
            made.ForEach(m => m.Dispose());
            throw;
        }
    }

    private static string Combiner(Sampler sampler) => PlanException.Shorten(sampler.Strategies.First(s => s.Needs.OtherConditions > 0).Tag);
}
