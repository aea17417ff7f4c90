using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>A chain of two blocks of self-attention and cross-attention to three text tokens, which follow from the class label.</summary>
internal sealed class CrossToy : IToy
{
    private const int Width = 4;
    private readonly Site _chain;
    private readonly Site[] _self;
    private readonly Site[] _cross;
    private readonly Tensor _embed = Toy.Matrix(21, 0.7, Width, 1);
    private readonly Tensor _mix = Toy.Matrix(22, 0.5, Width, Width);
    private readonly Tensor _head = Toy.Matrix(23, 0.5, 1, Width);

    public CrossToy(PredictionType type = PredictionType.Flow)
    {
        // A block costs 14 per token: 6 of self-attention, 8 of cross-attention; the rest of the network 2.
        var (self, cross) = (new CostModel(0, 6), new CostModel(0, 8));
        var sites = new SiteMap(((self + cross) * 2) + new CostModel(0, 2));
        _chain = sites.AddChain("blocks", 2, self + cross);
        _self = [.. _chain.Blocks.Select(b => sites.Add(SiteKind.SelfAttention, $"{b}.attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, self))];
        _cross = [.. _chain.Blocks.Select(b => sites.Add(SiteKind.CrossAttention, $"{b}.cross", SiteTraits.ShapePreserving | SiteTraits.TokenWise, cross))];
        Info = Toy.Info("cross", type, sites);
    }

    public DenoiserInfo Info { get; }

    public ConcurrentQueue<ToyCall> Calls { get; } = new();

    /// <inheritdoc/>
    public Action<string>? InBody { get; set; }

    /// <summary>Rows on which a site ran, call by call.</summary>
    public int[] RowsOf(string site) => [.. Calls.Where(c => c.Site == site).Select(c => c.Rows)];

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        Log("network", latents);
        var places = tensor(new[] { 0.3f, 1.1f, 2.3f, 0.9f, 1.7f, 0.2f, 2.9f, 0.5f, 1.3f, 2.1f, 0.7f, 1.9f }, device: latents.device).view(1, 3, Width);
        var text = (condition["labels"].to(ScalarType.Float32).view(-1, 1, 1) + places).sin();
        var h = nn.functional.linear(latents.flatten(2).transpose(1, 2), _embed) * (timestep / 1000.0 + 1).view(-1, 1, 1);
        h = evaluation.Chain(_chain, h, (Toy: this, Text: text), static (h, i, s, e) => s.Toy.Block(h.Main, i, s.Text, e)).Main;
        return nn.functional.linear(h, _head).transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
        _embed.Dispose();
        _mix.Dispose();
        _head.Dispose();
    }

    private Value Block(Tensor h, int i, Tensor text, Evaluation e)
    {
        Log(_chain.Blocks[i].Path, h);
        h = h + e.At(_self[i], h, (Toy: this, I: i), static (h, s, e) => s.Toy.Attend(s.Toy._self[s.I], h.Main, h.Main, e)).Main;
        return h + e.At(_cross[i], h, (Toy: this, I: i, Text: text), static (h, s, e) => s.Toy.Attend(s.Toy._cross[s.I], h.Main, e.ForRows(s.Text), e)).Main;
    }

    private Tensor Attend(Site site, Tensor h, Tensor seen, Evaluation e)
    {
        Log(site.Path, h);
        var keys = nn.functional.linear(seen, _mix).unsqueeze(1);
        return e.Attend(site, new(h.unsqueeze(1), keys, keys)).squeeze(1).tanh();
    }

    private void Log(string what, Tensor h)
    {
        Calls.Enqueue(new(what, (int)h.size(0), h.size(1)));
        InBody?.Invoke(what);
    }
}
