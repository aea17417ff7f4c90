using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>
/// A transformer over two frames of 2 × 4 tokens with every kind of site that a block may have: attention over space, over time and to text, and a feed-forward part, each before and after its gate. Frames lie along
/// dimension 0 in the first, places in the second. Everything depends on the latents, the time and the label.
/// </summary>
internal sealed class VideoToy : IToy
{
    private const int Width = 4;
    private const int Frames = 2;
    private readonly Site _chain;
    private readonly Parts[] _parts;
    private readonly Tensor _embed = Toy.Matrix(31, 0.7, Width, 1);
    private readonly Tensor _mix = Toy.Matrix(32, 0.6, Width, Width);
    private readonly Tensor _head = Toy.Matrix(33, 0.5, 1, Width);

    public VideoToy(int blocks = 3)
    {
        // A block costs 24 per token, each of its parts 6 with the gate and 5 without; the rest of the network 2.
        var sites = new SiteMap(new CostModel(0, (24 * blocks) + 2));
        _chain = sites.AddChain("blocks", blocks, new CostModel(0, 24));
        _parts = [.. _chain.Blocks.Select(b => new Parts(
            Pair(sites, SiteKind.SelfAttention, $"{b}.attention", SiteTraits.TokenMixing),
            Pair(sites, SiteKind.TemporalAttention, $"{b}.temporal", SiteTraits.TokenMixing),
            Pair(sites, SiteKind.CrossAttention, $"{b}.cross", SiteTraits.TokenWise),
            Pair(sites, SiteKind.FeedForward, $"{b}.ff", SiteTraits.TokenWise)))];
        Info = Toy.Info("video", PredictionType.Flow, sites, 1, Frames, 2, 4) with { Signals = [Signal.TimeEmbedding, Signal.ModulatedInput] };
    }

    public DenoiserInfo Info { get; }

    /// <inheritdoc/>
    public Action<string>? InBody { get; set; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        InBody?.Invoke("network");
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var row = (timestep / 1000.0) + (condition["labels"].to(ScalarType.Float32) / 10.0);
        var h = nn.functional.linear(latents.flatten(2).transpose(1, 2), _embed);
        evaluation.Publish(Signal.TimeEmbedding, h, row, static (_, row, _) => row.unsqueeze(1));
        evaluation.Publish(Signal.ModulatedInput, h, row, static (h, row, e) => h.Main * e.ForRows(row).view(-1, 1, 1));
        h = evaluation.Chain(_chain, h, (Toy: this, Row: row), static (h, i, s, e) => s.Toy.Block(h.Main, i, s.Row, e)).Main;
        return nn.functional.linear(h, _head).transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
        _embed.Dispose();
        _mix.Dispose();
        _head.Dispose();
    }

    private static (Site Inner, Site Gated) Pair(SiteMap sites, SiteKind kind, string path, SiteTraits more) =>
        (sites.Add(kind, path, SiteTraits.ShapePreserving | more, new(0, 5)), sites.Add(kind, $"{path}.gated", SiteTraits.ShapePreserving | SiteTraits.AfterGate | more, new(0, 6)));

    private Value Block(Tensor h, int i, Tensor row, Evaluation e)
    {
        InBody?.Invoke(_chain.Blocks[i].Path);
        var (whole, rows) = (e.Layout!, h.size(0));
        e.Layout = whole with { Frames = 1 };
        h = h + Gated(_parts[i].Attention, h.reshape(rows * Frames, -1, Width), row, e).reshape(h.shape);
        e.Layout = new(Frames, 1, 1);
        var places = h.view(rows, Frames, -1, Width).transpose(1, 2).reshape(-1, Frames, Width);
        h = h + Gated(_parts[i].Temporal, places, row, e).view(rows, -1, Frames, Width).transpose(1, 2).reshape(h.shape);
        e.Layout = whole;
        h = h + Gated(_parts[i].Cross, h, row, e);
        return h + Gated(_parts[i].FeedForward, h, row, e);
    }

    private Tensor Gated((Site Inner, Site Gated) site, Tensor h, Tensor row, Evaluation e) => e.At(site.Gated, h, (Toy: this, Site: site, Row: row), static (h, s, e) =>
    {
        var inner = e.At(s.Site.Inner, h, s, static (h, s, e) => s.Toy.Body(s.Site.Inner, h.Main, Row(s.Row, h.Main, e), e)).Main;
        s.Toy.InBody?.Invoke(s.Site.Gated.Path);
        return inner * (Row(s.Row, inner, e) * 0.5);
    }).Main;

    private static Tensor Row(Tensor row, Tensor h, Evaluation e)
    {
        var fold = (int)(h.size(0) / e.Rows.Count);
        return e.ForRows(fold == 1 ? row : row.repeat_interleave(fold, 0), fold).view(-1, 1, 1);
    }

    private Tensor Body(Site site, Tensor h, Tensor row, Evaluation e)
    {
        InBody?.Invoke(site.Path);
        var mixed = nn.functional.linear(h + row, _mix);
        if (site.Kind == SiteKind.FeedForward)
        {
            return mixed.tanh();
        }

        var seen = site.Kind == SiteKind.CrossAttention ? mixed.narrow(1, 0, 1) * row : mixed;
        return e.Attend(site, new(h.unsqueeze(1), seen.unsqueeze(1), seen.unsqueeze(1))).squeeze(1);
    }

    private sealed record Parts((Site Inner, Site Gated) Attention, (Site Inner, Site Gated) Temporal, (Site Inner, Site Gated) Cross, (Site Inner, Site Gated) FeedForward);
}
