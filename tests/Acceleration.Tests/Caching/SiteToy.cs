using System.Collections.Concurrent;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>
/// All sites of a transformer, gated ones and cross-attention included. Each body adds a constant of its row to its input, or is one: then what is
/// reused as residual, or as output, is exact wherever it is.
/// </summary>
internal sealed class SiteToy : IDenoiser
{
    private readonly bool _adds;
    private readonly double[] _constants;
    private readonly Site _chain;
    private readonly Parts[] _parts;

    /// <param name="adds">Whether bodies add to their input rather than replace it.</param>
    /// <param name="constants">The constant of each block's bodies.</param>
    public SiteToy(bool adds, params double[] constants)
    {
        (_adds, _constants) = (adds, constants.Length == 0 ? [0.11, -0.07, 0.05] : constants);
        var sites = new SiteMap(new CostModel(10));
        _chain = sites.AddChain("blocks", _constants.Length, new(3));
        _parts = [.. _chain.Blocks.Select(b => new Parts(
            Add(sites, SiteKind.SelfAttention, $"{b}.attention"),
            Add(sites, SiteKind.SelfAttention, $"{b}.attention.gated", SiteTraits.AfterGate),
            Add(sites, SiteKind.CrossAttention, $"{b}.cross"),
            Add(sites, SiteKind.FeedForward, $"{b}.ff"),
            Add(sites, SiteKind.FeedForward, $"{b}.ff.gated", SiteTraits.AfterGate)))];
        Info = Toy.Info("sites", PredictionType.Flow, sites);
    }

    public DenoiserInfo Info { get; }

    /// <summary>Paths of the bodies that ran, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public int CountOf(string path) => Calls.Count(c => c == path);

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        Calls.Enqueue("network");
        var tokens = latents.flatten(2).transpose(1, 2);
        var rows = (condition["labels"].to(ScalarType.Float32) / 10.0) + 1;
        return evaluation.Chain(_chain, tokens, (Toy: this, Rows: rows), static (h, i, s, e) => s.Toy.Block(h, i, s.Rows, e)).Main.transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
    }

    private static Site Add(SiteMap sites, SiteKind kind, string path, SiteTraits more = SiteTraits.None) =>
        sites.Add(kind, path, SiteTraits.ShapePreserving | more, new(0.1));

    private Value Block(Value h, int i, Tensor rows, Evaluation e)
    {
        Calls.Enqueue(_chain.Blocks[i].Path);
        var p = _parts[i];
        h = e.At(p.GatedAttention, h, (Toy: this, I: i, Rows: rows), static (h, s, e) => s.Toy.Gated(h, s.Toy._parts[s.I].Attention, s.Toy._parts[s.I].GatedAttention, s.I, s.Rows, e));
        h = At(p.Cross, h, i, rows, e);
        return e.At(p.GatedFeedForward, h, (Toy: this, I: i, Rows: rows), static (h, s, e) => s.Toy.Gated(h, s.Toy._parts[s.I].FeedForward, s.Toy._parts[s.I].GatedFeedForward, s.I, s.Rows, e));
    }

    private Value Gated(Value h, Site inner, Site gated, int i, Tensor rows, Evaluation e)
    {
        Calls.Enqueue(gated.Path);
        return Body(At(inner, h, i, rows, e), i, rows, e);
    }

    private Value At(Site site, Value h, int i, Tensor rows, Evaluation e) => e.At(site, h, (Toy: this, Site: site, I: i, Rows: rows), static (h, s, e) =>
    {
        s.Toy.Calls.Enqueue(s.Site.Path);
        return s.Toy.Body(h, s.I, s.Rows, e);
    });

    private Value Body(Value h, int i, Tensor rows, Evaluation e)
    {
        var constant = e.ForRows(rows).view(-1, 1, 1) * _constants[i];
        return _adds ? h.Main + constant : zeros_like(h.Main) + constant;
    }

    private sealed record Parts(Site Attention, Site GatedAttention, Site Cross, Site FeedForward, Site GatedFeedForward);
}
