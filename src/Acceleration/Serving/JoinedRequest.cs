using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Several requests as one, whose samples lie one after the other. Owns what it made.</summary>
internal sealed class JoinedRequest : IDisposable
{
    private readonly List<IDisposable> _made = [];

    public JoinedRequest(IReadOnlyList<SamplingRequest> requests)
    {
        try
        {
            var first = requests[0];
            Request = new()
            {
                Condition = Made(Concat([.. requests.Select(r => r.Condition)])),
                Negative = first.Negative is null ? null : Made(Concat(requests, r => r.Negative!)),
                Others = [.. first.Others.Select((_, i) => Made(Concat(requests, r => r.Others[i])))],
                Noise = Made(JoinedNoise.Of(requests)),
                Latents = first.Latents is null ? null : Made(cat([.. requests.Select(r => r.Latents!)], 0).DetachFromDisposeScope()),
                Size = first.Size,
                PreviewEvery = requests.Any(r => r.PreviewEvery > 0) ? 1 : 0,
            };
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SamplingRequest Request { get; }

    public void Dispose() => _made.ForEach(m => m.Dispose());

    /// <summary>Negative or further conditions, a row for each sample even where a request has one for all.</summary>
    private static Conditioning Concat(IReadOnlyList<SamplingRequest> requests, Func<SamplingRequest, Conditioning> pick)
    {
        var parts = requests.Select(r => pick(r).Take([.. Enumerable.Range(0, r.Condition.Rows).Select(i => pick(r).Rows == 1 ? 0 : i)])).ToArray();
        try
        {
            return Concat(parts);
        }
        finally
        {
            Array.ForEach(parts, p => p.Dispose());
        }
    }

    private static Conditioning Concat(IReadOnlyList<Conditioning> parts)
    {
        // What is expanded on the way belongs to nobody else.
        using var scope = NewDisposeScope();
        return Conditioning.Concat(parts);
    }

    private T Made<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
