using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tests.Docs;

/// <summary>A network of four feed-forward blocks on single pixels: the least that raises sites.</summary>
public sealed class TinyMixer : IDenoiser
{
    private const int Width = 32;
    private readonly Linear _enter = Linear(1, Width);
    private readonly Linear[] _blocks = [.. Enumerable.Range(0, 4).Select(_ => Linear(Width, Width))];
    private readonly Linear _leave = Linear(Width, 1);
    private readonly Site _chain;
    private readonly Site[] _feedForwards;

    public TinyMixer()
    {
        var block = new CostModel(PerRow: 0, PerToken: Width * Width);
        var sites = new SiteMap(network: new CostModel(0, 2 * Width) + (block * 4));
        _chain = sites.AddChain("blocks", 4, block);
        _feedForwards =
        [
            .. _chain.Blocks.Select(b => sites.Add(SiteKind.FeedForward, b.Path + ".ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, block)),
        ];
        Info = new DenoiserInfo
        {
            Name = "tiny-mixer",
            Prediction = PredictionType.Flow,
            SampleSize = [1, 8, 8],
            Sites = sites,
            Unconditional = condition => Conditioning.None(condition.Rows),
        };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        // One token per pixel: [rows, tokens, width]. The time is a per-row input: [rows, 1, 1].
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var tokens = _enter.call(latents.flatten(2).transpose(1, 2));
        var time = (timestep / 1000).view(-1, 1, 1);
        var h = evaluation.Chain(_chain, tokens, (Network: this, Time: time), static (h, i, s, e) => s.Network.Block(h, i, s.Time, e));
        return _leave.call(h.Main).transpose(1, 2).reshape(latents.shape);
    }

    public void Dispose()
    {
        foreach (var layer in _blocks.Append(_enter).Append(_leave))
        {
            layer.Dispose();
        }
    }

    private Value Block(Value h, int index, Tensor time, Evaluation e) =>
        h.Main + e.At(_feedForwards[index], h, (Layer: _blocks[index], Time: time), static (h, s, e) => FeedForward(h.Main, s.Layer, e.ForRows(s.Time))).Main;

    private static Tensor FeedForward(Tensor h, Linear layer, Tensor time) => functional.gelu(layer.call(h * (1 + time)));
}
