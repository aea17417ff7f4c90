using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The blocks of Wan 2.1 with random weights: self-attention over all frames, cross-attention to the text, feed-forward; the residual stream and modulation in float32.
/// </summary>
internal sealed class WanSized : ISizedNetwork
{
    private const double Epsilon = 1e-6;
    private readonly NetworkSize _size;
    private readonly LayerNorm _norm;
    private readonly Site _chain;
    private readonly (Site Self, Site Cross)[] _sites;
    private readonly Layers[] _blocks;
    private readonly Tensor _video;
    private readonly Tensor _text;
    private readonly Tensor _time;
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    public WanSized(NetworkSize size, RandomWeights weights)
    {
        using var scope = NewDisposeScope();
        var (width, half) = (size.Width, size.HeadDim / 2);
        (_size, _norm) = (size, new(width, Epsilon));
        var sites = new SiteMap(new CostModel(1));
        _chain = sites.AddChain("blocks", size.Blocks, new(1));
        Site Attention(Site block, SiteKind kind, string name) => sites.Add(kind, $"{block}.{name}", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, new(1));
        _sites = [.. _chain.Blocks.Select(b => (Attention(b, SiteKind.SelfAttention, "self"), Attention(b, SiteKind.CrossAttention, "cross")))];
        _blocks = [.. Enumerable.Range(0, size.Blocks).Select(i => Layers.Read(weights, $"blocks.{i}", size))];
        _video = weights.Take("input.video", [size.Rows, size.Tokens, width], ScalarType.Float32);
        _text = weights.Take("input.text", [size.Rows, size.Text, width]);
        _time = weights.Take("input.time", [size.Rows, 6, width], ScalarType.Float32);
        _cos = weights.Take("input.cos", [size.Tokens, half], ScalarType.Float32);
        _sin = weights.Take("input.sin", [size.Tokens, half], ScalarType.Float32);
    }

    public Tensor Run()
    {
        using var scope = NewDisposeScope();
        var h = Evaluation.Plain(_size.Rows).Chain(_chain, _video, this, static (h, i, network, e) => network.Block(h, i, e)).Main;
        return h.alias().MoveToOuterDisposeScope();
    }

    public void Dispose() => Array.ForEach(_blocks, b => b.Modulation.Dispose());

    private Value Block(Value h, int i, Evaluation e)
    {
        var (b, x) = (_blocks[i], h.Main);
        var m = (b.Modulation + _time).chunk(6, 1);
        x += m[2] * b.Self.Out.Apply(Self(_norm.Modulated(x, m[0], m[1]), b.Self, _sites[i].Self, e));
        var asked = nn.functional.layer_norm(x, [_size.Width], b.CrossGain, b.CrossBias, Epsilon);
        x += b.Cross.Out.Apply(Cross(asked, b.Cross, _sites[i].Cross, e));
        x += m[5] * b.Down.Apply(b.Up.ApplyGelu(_norm.Modulated(x, m[3], m[4])));
        return x;
    }

    private Tensor Self(Tensor x, Projections p, Site site, Evaluation e)
    {
        using var narrow = x.to(p.Q.Weight.dtype);
        var (q, k, v) = (HeadParts.Rms(p.Q.Apply(narrow), p.QueryGain), HeadParts.Rms(p.K.Apply(narrow), p.KeyGain), p.V.Apply(narrow));
        return HeadParts.Join(e.Attend(site, new(
            HeadParts.Turn(HeadParts.Heads(q, _size.Heads), _cos, _sin), HeadParts.Turn(HeadParts.Heads(k, _size.Heads), _cos, _sin), HeadParts.Heads(v, _size.Heads))));
    }

    private Tensor Cross(Tensor x, Projections p, Site site, Evaluation e)
    {
        var (q, k, v) = (HeadParts.Rms(p.Q.Apply(x), p.QueryGain), HeadParts.Rms(p.K.Apply(_text), p.KeyGain), p.V.Apply(_text));
        return HeadParts.Join(e.Attend(site, new(HeadParts.Heads(q, _size.Heads), HeadParts.Heads(k, _size.Heads), HeadParts.Heads(v, _size.Heads))));
    }

    private sealed record Projections(Linear Q, Linear K, Linear V, Linear Out, Tensor QueryGain, Tensor KeyGain)
    {
        public static Projections Read(RandomWeights w, string name, int width)
        {
            Linear Layer(string part) => Linear.Read(w, $"{name}.{part}", width, width);
            return new(Layer("q"), Layer("k"), Layer("v"), Layer("out"), w.Take(name + ".q_gain", [width]), w.Take(name + ".k_gain", [width]));
        }
    }

    /// <param name="Modulation">[1, 6, width], with the 1 of (1 + scale) in parts 1 and 4.</param>
    /// <param name="Self">Self-attention.</param>
    /// <param name="CrossGain">Of the norm in front of the cross-attention.</param>
    /// <param name="CrossBias">Likewise.</param>
    /// <param name="Cross">Cross-attention.</param>
    /// <param name="Up">First layer of the feed-forward part.</param>
    /// <param name="Down">Second layer.</param>
    private sealed record Layers(Tensor Modulation, Projections Self, Tensor CrossGain, Tensor CrossBias, Projections Cross, Linear Up, Linear Down)
    {
        public static Layers Read(RandomWeights w, string name, NetworkSize s) => new(
            HeadParts.WithOnes(w.Take(name + ".modulation", [6, s.Width], ScalarType.Float32).clone(), 1, 4).unsqueeze(0).DetachFromDisposeScope(),
            Projections.Read(w, name + ".self", s.Width),
            w.Take(name + ".cross_gain", [s.Width], ScalarType.Float32),
            w.Take(name + ".cross_bias", [s.Width], ScalarType.Float32),
            Projections.Read(w, name + ".cross", s.Width),
            Linear.Read(w, name + ".up", s.Width, s.Hidden),
            Linear.Read(w, name + ".down", s.Hidden, s.Width));
    }
}
