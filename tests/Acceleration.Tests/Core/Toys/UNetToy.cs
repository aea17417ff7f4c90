using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>
/// Two nested cuts: each resamples down (a site whose skipping is plain pooling), runs what is below, resamples up and adds its skip connection. Below them all the time matters, and the class label where there is one.
/// </summary>
internal sealed class UNetToy : IToy
{
    private readonly Site[] _cuts;
    private readonly Site[] _downs;

    public UNetToy(PredictionType type = PredictionType.Flow)
    {
        // Inner cut: 4 per token of its own resolution; outer cut: 6 per token and the inner one on a quarter of the tokens.
        var sites = new SiteMap(new CostModel(0, 10));
        var inner = new CostModel(0, 4);
        _cuts = [sites.AddCut("cut.0", new CostModel(0, 6) + inner.OnShare(0.25), SiteTraits.ShapePreserving), sites.AddCut("cut.1", inner, SiteTraits.ShapePreserving)];
        _downs = [sites.Add(SiteKind.Block, "down.0", SiteTraits.None, new(0, 2)), sites.Add(SiteKind.Block, "down.1", SiteTraits.None, new(0, 2))];
        Info = Toy.Info("unet", type, sites, 1, 8, 8);
    }

    public DenoiserInfo Info { get; }

    public ConcurrentQueue<ToyCall> Calls { get; } = new();

    /// <inheritdoc/>
    public Action<string>? InBody { get; set; }

    public IEnumerable<string> Ran => Calls.Select(c => c.Site);

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var time = timestep / 1000.0;
        time = condition.Find("labels") is { } labels ? time + (labels.to(ScalarType.Float32) / 10.0) : time;
        InBody?.Invoke("network");
        return Cut(latents * 0.9, 0, time, evaluation).Main;
    }

    public void Dispose()
    {
    }

    private Value Cut(Value h, int depth, Tensor time, Evaluation e) => depth == _cuts.Length
        ? Log("middle", h.Main.tanh() * (Toy.PerRow(e.ForRows(time), h.Main) + 1))
        : e.At(_cuts[depth], h, (Toy: this, Depth: depth, Time: time), static (h, s, e) => s.Toy.Body(h, s.Depth, s.Time, e));

    private Value Body(Value h, int depth, Tensor time, Evaluation e)
    {
        Log(_cuts[depth].Path, h.Main);
        InBody?.Invoke(_cuts[depth].Path);
        var outer = e.Layout!;
        var down = e.At(
            _downs[depth],
            h,
            (Toy: this, Depth: depth),
            static (h, s, _) => s.Toy.Log($"down.{s.Depth}", nn.functional.avg_pool2d(h.Main, 2) * 1.1),
            drop: static (h, s, _) => s.Toy.Log($"drop.{s.Depth}", nn.functional.avg_pool2d(h.Main, 2)));
        e.Layout = outer with { Height = outer.Height / 2, Width = outer.Width / 2 };
        var below = Cut(down, depth + 1, time, e);
        return h.Main + nn.functional.interpolate(below.Main, scale_factor: [2, 2]);
    }

    private Tensor Log(string what, Tensor h)
    {
        Calls.Enqueue(new(what, (int)h.size(0), h.size(2) * h.size(3)));
        return h;
    }
}
