using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// A network of the sample DiT's shapes whose forward pass is nearly free: all blocks are the identity and the output is a multiple of the latents. What a
/// request with it takes is the sampler's and the strategies' own work.
/// </summary>
internal sealed class FreeNetwork : IDenoiser
{
    private readonly Tensor _tokens;
    private readonly Site _chain;

    public FreeNetwork(DenoiserInfo like, int width, int samples)
    {
        var tokens = like.Layout(like.SampleSize).Tokens;
        var blocks = like.Sites.All.Single(s => s.Kind == SiteKind.Chain).Blocks.Count;
        var sites = new SiteMap(new CostModel(blocks));
        _chain = sites.AddChain("blocks", blocks, new CostModel(1));
        _tokens = ones(2 * samples, tokens, width).DetachFromDisposeScope();
        Info = like with { Name = "free", Sites = sites };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var rows = latents.size(0);
        evaluation.Chain(_chain, _tokens.narrow(0, 0, rows), this, static (h, _, _, _) => h);

        // The two branches differ, so that guidance has an angle to measure.
        return latents * ((condition["labels"].to(ScalarType.Float32) * 0.01) + 0.5).view(rows, 1, 1, 1);
    }

    public void Dispose() => _tokens.Dispose();
}
