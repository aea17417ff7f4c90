using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The random numbers of several requests, one after the other: each draws what it would draw alone.</summary>
internal sealed class JoinedNoise(IReadOnlyList<INoiseSource> parts) : INoiseSource
{
    public static JoinedNoise Of(IEnumerable<SamplingRequest> requests)
    {
        var parts = new List<INoiseSource>();
        try
        {
            parts.AddRange(requests.Select(r => r.Noise?.Clone() ?? new SeededNoise(r.Seed, r.Condition.Rows)));
            return new(parts);
        }
        catch
        {
            parts.ForEach(p => p.Dispose());
            throw;
        }
    }

    public Tensor Draw(IReadOnlyList<long> size)
    {
        var drawn = new List<Tensor>();
        try
        {
            drawn.AddRange(parts.Select(p => p.Draw(size)));
            return cat(drawn, 0);
        }
        finally
        {
            drawn.ForEach(d => d.Dispose());
        }
    }

    public INoiseSource Clone() => new JoinedNoise([.. parts.Select(p => p.Clone())]);

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Dispose();
        }
    }
}
