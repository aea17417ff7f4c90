using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// A network of given shapes whose forward pass is nearly free: all blocks, and all parts of blocks, are the identity, and the output is a multiple of the latents. What a request with it takes is the sampler's and the
/// strategies' own work.
/// </summary>
internal sealed class FreeNetwork : IDenoiser
{
    private const int Most = 3;
    private readonly Tensor _tokens;
    private readonly Site _chain;
    private readonly Site[][] _parts;

    /// <param name="like">The network whose latents and conditions it has.</param>
    /// <param name="width">Channels of a token.</param>
    /// <param name="samples">Samples of a request.</param>
    /// <param name="blocks">Blocks; null for as many as the other network has.</param>
    /// <param name="parts">Parts that each block raises, at most three: attention, cross-attention, feed-forward.</param>
    public FreeNetwork(DenoiserInfo like, int width, int samples, int? blocks = null, int parts = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, Most);
        var tokens = like.Layout(like.SampleSize).Tokens;
        var count = blocks ?? like.Sites.All.Single(s => s.Kind == SiteKind.Chain).Blocks.Count;
        var sites = new SiteMap(new CostModel(count));
        _chain = sites.AddChain("blocks", count, new CostModel(1));
        (SiteKind Kind, string Name)[] kinds = [(SiteKind.SelfAttention, "attention"), (SiteKind.FeedForward, "ff"), (SiteKind.CrossAttention, "cross")];
        _parts = [.. _chain.Blocks.Select(b => kinds[..parts].Select(k => sites.Add(k.Kind, $"{b.Path}.{k.Name}", SiteTraits.ShapePreserving, new(1.0 / parts))).ToArray())];
        _tokens = ones(2 * samples, tokens, width).DetachFromDisposeScope();
        Info = like with { Name = "free", Sites = sites };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var rows = latents.size(0);
        var tokens = _tokens.narrow(0, 0, rows);
        evaluation.Publish(Signal.ModulatedInput, tokens, this, static (h, _, _) => h.Main);
        evaluation.Chain(_chain, tokens, this, static (h, i, s, e) => s.Block(h, i, e));

        // The two branches differ, so that guidance has an angle to measure.
        return latents * ((condition["labels"].to(ScalarType.Float32) * 0.01) + 0.5).view(rows, 1, 1, 1);
    }

    public void Dispose() => _tokens.Dispose();

    private Value Block(Value h, int block, Evaluation e)
    {
        foreach (var part in _parts[block])
        {
            h = e.At(part, h, this, static (h, _, _) => h);
        }

        return h;
    }
}
