using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tests.Docs;

/// <summary>A U-shaped transformer of five blocks: the time is a token before the patches, and skip connections join the outer blocks.</summary>
public sealed class TinyUViT : IDenoiser
{
    private const int Width = 32;
    private const int Heads = 2;
    private const int Side = 4;
    private const int Patch = 2;
    private readonly Linear _enter = Linear(Patch * Patch, Width);
    private readonly Linear _time = Linear(1, Width);
    private readonly Tensor _positions = randn(1 + (Side * Side), Width);
    private readonly Linear[] _qkv = [.. Enumerable.Range(0, 5).Select(_ => Linear(Width, 3 * Width))];
    private readonly Linear[] _project = [.. Enumerable.Range(0, 5).Select(_ => Linear(Width, Width))];
    private readonly Linear[] _merge = [Linear(2 * Width, Width), Linear(2 * Width, Width)];
    private readonly Linear _leave = Linear(Width, Patch * Patch);
    private readonly IReadOnlyList<Site> _blocks;
    private readonly Site[] _attentions;
    private readonly Site[] _cuts;

    public TinyUViT()
    {
        var attention = CostModel.Attention(Width);
        var merging = attention + CostModel.Linear(2 * Width, Width);
        CostModel[] blocks = [attention, attention, attention, merging, merging];
        var cut1 = blocks[2];
        var cut0 = blocks[1] + cut1 + blocks[3];
        var sites = new SiteMap(network: (CostModel.Linear(Patch * Patch, Width) * 2) + blocks[0] + cut0 + blocks[4]);
        _cuts = [sites.AddCut("cut.0", cut0, SiteTraits.ShapePreserving), sites.AddCut("cut.1", cut1, SiteTraits.ShapePreserving)];
        _blocks = sites.AddBlocks("blocks", blocks);
        _attentions = [.. _blocks.Select(b => sites.Add(SiteKind.SelfAttention, b.Path + ".attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, attention))];
        Info = new DenoiserInfo
        {
            Name = "tiny-uvit",
            Prediction = PredictionType.Flow,
            SampleSize = [1, Patch * Side, Patch * Side],
            IsFixedSize = true,
            Patch = Patch,
            SpecialPerFrame = 1,
            Sites = sites,
            Unconditional = condition => Conditioning.None(condition.Rows),
        };
    }

    public DenoiserInfo Info { get; }

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        evaluation.Layout = Info.Layout(latents.shape[1..]);
        var patches = latents.view(-1, Side, Patch, Side, Patch).permute(0, 1, 3, 2, 4).reshape(-1, Side * Side, Patch * Patch);
        var tokens = cat([_time.call((timestep / 1000).view(-1, 1, 1)), _enter.call(patches)], 1) + _positions;
        var skip = Block(0, tokens, evaluation);
        var below = evaluation.At(_cuts[0], skip, this, static (h, s, e) => s.Below(h, e), drop: static (h, _, _) => zeros_like(h.Main));
        var h = Block(4, below, evaluation, skip.Main).Main.narrow(1, 1, Side * Side);
        return _leave.call(h).view(-1, Side, Side, Patch, Patch).permute(0, 1, 3, 2, 4).reshape(latents.shape);
    }

    public void Dispose()
    {
        Module[] layers = [_enter, _time, .. _qkv, .. _project, .. _merge, _leave];
        foreach (var layer in layers)
        {
            layer.Dispose();
        }

        _positions.Dispose();
    }

    /// <summary>All between the outermost blocks.</summary>
    private Value Below(Value h, Evaluation e)
    {
        var skip = Block(1, h, e);
        var below = e.At(_cuts[1], skip, this, static (h, s, e) => s.Block(2, h, e), drop: static (h, _, _) => zeros_like(h.Main));
        return Block(3, below, e, skip.Main);
    }

    private Value Block(int index, Value h, Evaluation e, Tensor? skip = null) =>
        e.At(_blocks[index], h, (Network: this, Index: index, Skip: skip), static (h, s, e) => s.Network.Inside(s.Index, s.Skip is null ? h.Main : s.Network.Merged(s.Index, h.Main, s.Skip, e), e));

    /// <summary>Within the block, so the skip connection comes from outside of it: for the rows and tokens that the block runs on.</summary>
    private Tensor Merged(int index, Tensor h, Tensor skip, Evaluation e) => _merge[index - 3].call(cat([h, e.ForTokens(e.ForRows(skip), 1)], -1));

    private Value Inside(int index, Tensor h, Evaluation e) =>
        h + e.At(_attentions[index], h, (Network: this, Index: index), static (h, s, e) => s.Network.Attention(s.Index, h.Main, e), prepare: static (h, _, _) => functional.layer_norm(h.Main, [Width])).Main;

    private Tensor Attention(int index, Tensor tokens, Evaluation e)
    {
        var parts = _qkv[index].call(tokens).view(tokens.size(0), tokens.size(1), 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4);
        return _project[index].call(e.Attend(_attentions[index], new(parts[0], parts[1], parts[2])).transpose(1, 2).reshape(tokens.shape));
    }
}
