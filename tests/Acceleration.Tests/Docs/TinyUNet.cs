using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tests.Docs;

/// <summary>A UNet of three levels on images of one channel: the least that raises cuts.</summary>
public sealed class TinyUNet : IDenoiser
{
    private const int Outer = 16;
    private const int Inner = 32;
    private const int Heads = 2;
    private readonly Conv2d _enter = Conv2d(1, Outer, 3, padding: 1);
    private readonly Linear _time = Linear(1, Outer);
    private readonly Conv2d[] _residual = [Conv2d(Outer, Outer, 3, padding: 1), Conv2d(Outer, Outer, 3, padding: 1)];
    private readonly Conv2d _shrink = Conv2d(Outer, Inner, 3, stride: 2, padding: 1);
    private readonly Linear _qkv = Linear(Inner, 3 * Inner);
    private readonly Linear _project = Linear(Inner, Inner);
    private readonly Conv2d _bottom = Conv2d(Inner, Inner, 3, stride: 2, padding: 1);
    private readonly Conv2d _merge = Conv2d(2 * Inner, Inner, 3, padding: 1);
    private readonly Conv2d _leave = Conv2d(Outer + Inner, 1, 3, padding: 1);
    private readonly Site _block;
    private readonly Site[] _cuts;
    private readonly Site _attention;

    public TinyUNet()
    {
        // Each for the tokens of the layout where its site is raised: inside a cut there is a quarter of them.
        var block = new CostModel(PerRow: Outer) + (CostModel.Conv2d(Outer, Outer) * 2);
        var attention = CostModel.Attention(Inner);
        var cut1 = CostModel.Conv2d(Inner, Inner).OnShare(0.25);
        var cut0 = (CostModel.Conv2d(Outer, Inner) + attention + cut1 + CostModel.Conv2d(2 * Inner, Inner)).OnShare(0.25);
        var sites = new SiteMap(network: CostModel.Conv2d(1, Outer) + block + cut0 + CostModel.Conv2d(Outer + Inner, 1));
        _block = sites.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving, block);
        _cuts = [sites.AddCut("cut.0", cut0), sites.AddCut("cut.1", cut1, SiteTraits.ShapePreserving)];
        _attention = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, attention);
        Info = new DenoiserInfo
        {
            Name = "tiny-unet",
            Prediction = PredictionType.Epsilon,
            SampleSize = [1, 16, 16],
            SizeMultiple = 4,
            Noise = NoiseTable.Make(BetaSchedule.Linear),
            Sites = sites,
        };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var time = _time.call((timestep / 1000).view(-1, 1)).view(-1, Outer, 1, 1);
        var skip = evaluation.At(_block, _enter.call(latents), (Network: this, Time: time), static (h, s, e) => s.Network.Residual(h.Main, e.ForRows(s.Time)));
        var below = evaluation.At(_cuts[0], skip, this, static (h, s, e) => s.Below(h.Main, e), drop: static (h, _, _) => Nothing(h.Main));
        return _leave.call(cat([skip.Main, below.Main], 1));
    }

    public void Dispose()
    {
        Module[] layers = [_enter, _time, .. _residual, _shrink, _qkv, _project, _bottom, _merge, _leave];
        foreach (var layer in layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>The outer cut: everything at half the resolution and below.</summary>
    private Tensor Below(Tensor skip, Evaluation e)
    {
        e.Layout = e.Layout!.Halved();
        var h = _shrink.call(skip);
        var tokens = h.flatten(2).transpose(1, 2);
        tokens = tokens + e.At(_attention, tokens, this, static (h, s, e) => s.Attention(h.Main, e), prepare: static (h, _, _) => functional.layer_norm(h.Main, [Inner])).Main;
        h = tokens.transpose(1, 2).reshape(h.shape);
        var below = e.At(_cuts[1], h, this, static (h, s, e) => s.Bottom(h.Main, e), drop: static (h, _, _) => Nothing(h.Main));
        return Doubled(functional.silu(_merge.call(cat([h, below.Main], 1))));
    }

    /// <summary>The inner cut.</summary>
    private Tensor Bottom(Tensor skip, Evaluation e)
    {
        e.Layout = e.Layout!.Halved();
        return Doubled(functional.silu(_bottom.call(skip)));
    }

    private Tensor Residual(Tensor h, Tensor time) => h + _residual[1].call(functional.silu(_residual[0].call(functional.silu(h)) + time));

    private Tensor Attention(Tensor tokens, Evaluation e)
    {
        var parts = _qkv.call(tokens).view(tokens.size(0), tokens.size(1), 3, Heads, Inner / Heads).permute(2, 0, 3, 1, 4);
        return _project.call(e.Attend(_attention, new(parts[0], parts[1], parts[2])).transpose(1, 2).reshape(tokens.shape));
    }

    /// <summary>What the level outside is given beside its skip connection when a cut is skipped.</summary>
    private static Tensor Nothing(Tensor skip) => skip.new_zeros([skip.size(0), Inner, skip.size(2), skip.size(3)]);

    private static Tensor Doubled(Tensor h) => functional.interpolate(h, scale_factor: [2, 2]);
}
