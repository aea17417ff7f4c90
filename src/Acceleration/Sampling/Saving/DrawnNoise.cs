using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A noise source that knows what it was asked: a saved session draws the same again, instead of keeping a generator's inner state.</summary>
internal sealed class DrawnNoise : IDisposable
{
    private readonly INoiseSource _source;
    private readonly List<SavedDraw> _draws;

    private DrawnNoise(INoiseSource source, IEnumerable<SavedDraw> draws) => (_source, _draws) = (source, [.. draws]);

    /// <summary>A clone of a request's own source, or one made of its seed.</summary>
    public static DrawnNoise Of(INoiseSource? own, long seed, int samples) => new(own is null ? new SeededNoise(seed, samples) : CloneOf(own), []);

    /// <summary>What was drawn, in order; equal draws in a row are one entry.</summary>
    public IReadOnlyList<SavedDraw> Draws => _draws;

    public Tensor Draw(IReadOnlyList<long> size)
    {
        var drawn = _source.Draw(size);
        if (_draws.Count > 0 && _draws[^1].Size.SequenceEqual(size))
        {
            _draws[^1] = _draws[^1] with { Times = _draws[^1].Times + 1 };
        }
        else
        {
            _draws.Add(new([.. size], 1));
        }

        return drawn;
    }

    /// <summary>Draws what another source has drawn, and throws it away.</summary>
    public void Repeat(IEnumerable<SavedDraw> draws)
    {
        foreach (var (size, times) in draws)
        {
            for (var i = 0; i < times; i++)
            {
                Draw(size).Dispose();
            }
        }
    }

    public DrawnNoise Clone() => new(CloneOf(_source), _draws);

    public void Dispose() => _source.Dispose();

    private static INoiseSource CloneOf(INoiseSource source) =>
        source.Clone() ?? throw new InvalidOperationException($"The request's {nameof(INoiseSource)} returned null for a clone.");
}
