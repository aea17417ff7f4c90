using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// What is remembered of the parts of a film that are done: the last frames before each convolution over time. One for each film that is encoded or decoded, so that networks keep nothing between calls. Owns its tensors.
/// </summary>
internal sealed class FilmHistory : IDisposable
{
    private readonly Dictionary<FilmConv, Tensor> _frames = [];

    /// <summary>Whether no part is done yet.</summary>
    public bool IsFirst { get; private set; } = true;

    /// <summary>The frames before those at hand; null where nothing was kept.</summary>
    public Tensor? Before(FilmConv conv) => _frames.GetValueOrDefault(conv);

    /// <summary>Keeps a copy of frames in place of the ones kept before.</summary>
    public void Keep(FilmConv conv, Tensor frames)
    {
        // A view would keep the whole part in memory.
        var copy = frames.clone().DetachFromDisposeScope();
        if (_frames.Remove(conv, out var old))
        {
            old.Dispose();
        }

        _frames[conv] = copy;
    }

    /// <summary>Notes that a part is done.</summary>
    public void Next() => IsFirst = false;

    public void Dispose()
    {
        foreach (var frames in _frames.Values)
        {
            frames.Dispose();
        }

        _frames.Clear();
    }
}
