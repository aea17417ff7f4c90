using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The blocks of FLUX.1 with random weights, in one type throughout: text and image in streams of their own that attend jointly, then one joint stream whose
/// attention and feed-forward share their products.
/// </summary>
internal sealed class FluxSized : ISizedNetwork
{
    private readonly NetworkSize _size;
    private readonly LayerNorm _norm;
    private readonly Site _chain;
    private readonly Site[] _attention;
    private readonly (Stream Image, Stream Text)[] _double;
    private readonly Joint[] _single;
    private readonly Tensor _image;
    private readonly Tensor _text;
    private readonly Tensor _vector;
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    public FluxSized(NetworkSize size, RandomWeights weights)
    {
        using var scope = NewDisposeScope();
        var (width, half, all) = (size.Width, size.HeadDim / 2, size.Tokens + size.Text);
        (_size, _norm) = (size, new(width, 1e-6));
        var sites = new SiteMap(new CostModel(1));
        _chain = sites.AddChain("blocks", size.Blocks + size.Single, new(1));
        _attention = [.. _chain.Blocks.Select(b => sites.Add(SiteKind.SelfAttention, $"{b}.attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, new(1)))];
        _double = [.. Enumerable.Range(0, size.Blocks).Select(i => (Stream.Read(weights, $"double.{i}.image", size), Stream.Read(weights, $"double.{i}.text", size)))];
        _single = [.. Enumerable.Range(0, size.Single).Select(i => Joint.Read(weights, $"single.{i}", size))];
        _image = weights.Take("input.image", [size.Rows, size.Tokens, width]);
        _text = weights.Take("input.text", [size.Rows, size.Text, width]);
        _vector = weights.Take("input.vector", [size.Rows, width]);
        _cos = weights.Take("input.cos", [all, half], ScalarType.Float32);
        _sin = weights.Take("input.sin", [all, half], ScalarType.Float32);
        Modulations = [.. _double.SelectMany(d => new[] { d.Image.Modulation, d.Text.Modulation }), .. _single.Select(s => s.Modulation)];
    }

    private Linear[] Modulations { get; }

    public Tensor Run()
    {
        using var scope = NewDisposeScope();
        var active = nn.functional.silu(_vector);
        var h = Evaluation.Plain(_size.Rows).Chain(_chain, new(_image, _text), (Network: this, Active: active), static (h, i, s, e) => s.Network.Block(h, i, s.Active, e));
        return h.Main.alias().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var modulation in Modulations)
        {
            modulation.Bias!.Dispose();
        }
    }

    private Value Block(Value h, int i, Tensor active, Evaluation e) => i < _double.Length
        ? Double(h, _double[i].Image, _double[i].Text, _attention[i], active, e)
        : Single(h, _single[i - _double.Length], _attention[i], active, e);

    private Value Double(Value h, Stream image, Stream text, Site site, Tensor active, Evaluation e)
    {
        var (x, c) = (h.Main, h.Text!);
        var (mx, mc) = (Parts(image.Modulation, active, 6), Parts(text.Modulation, active, 6));
        var (qx, kx, vx) = Qkv(image.Qkv.Apply(_norm.Modulated(x, mx[0], mx[1])), image.QueryGain, image.KeyGain);
        var (qc, kc, vc) = Qkv(text.Qkv.Apply(_norm.Modulated(c, mc[0], mc[1])), text.QueryGain, text.KeyGain);
        var joined = Attend(site, cat([qc, qx], 2), cat([kc, kx], 2), cat([vc, vx], 2), e);
        x += mx[2] * image.Projection.Apply(joined.narrow(1, _size.Text, _size.Tokens));
        c += mc[2] * text.Projection.Apply(joined.narrow(1, 0, _size.Text));
        x += mx[5] * image.Down.Apply(image.Up.ApplyGelu(_norm.Modulated(x, mx[3], mx[4])));
        c += mc[5] * text.Down.Apply(text.Up.ApplyGelu(_norm.Modulated(c, mc[3], mc[4])));
        return new(x, c);
    }

    private Value Single(Value h, Joint block, Site site, Tensor active, Evaluation e)
    {
        var joint = h.Joint(TextPlace.Before);
        var m = Parts(block.Modulation, active, 3);
        var both = block.First.Apply(_norm.Modulated(joint, m[0], m[1]));
        var (q, k, v) = Qkv(both.narrow(2, 0, 3 * _size.Width), block.QueryGain, block.KeyGain);
        var attended = Attend(site, q, k, v, e);
        var fed = Gelu.Compute(both.narrow(2, 3 * _size.Width, _size.Hidden));
        return Value.FromJoint(joint + (m[2] * block.Second.Apply(cat([attended, fed], 2))), _size.Text, TextPlace.Before);
    }

    private Tensor Attend(Site site, Tensor q, Tensor k, Tensor v, Evaluation e) =>
        HeadParts.Join(e.Attend(site, new(HeadParts.Turn(q, _cos, _sin), HeadParts.Turn(k, _cos, _sin), v)));

    private (Tensor Q, Tensor K, Tensor V) Qkv(Tensor product, Tensor queryGain, Tensor keyGain)
    {
        var parts = product.unflatten(2, [3, _size.Heads, -1]).permute(2, 0, 3, 1, 4).unbind();
        return (HeadParts.Rms(parts[0], queryGain), HeadParts.Rms(parts[1], keyGain), parts[2]);
    }

    private static Tensor[] Parts(Linear modulation, Tensor active, int parts) => modulation.Apply(active).unsqueeze(1).chunk(parts, -1);

    private sealed record Stream(Linear Modulation, Linear Qkv, Tensor QueryGain, Tensor KeyGain, Linear Projection, Linear Up, Linear Down)
    {
        public static Stream Read(RandomWeights w, string name, NetworkSize s) => new(
            HeadParts.Modulation(w, name + ".modulation", s.Width, 6, 1, 4),
            Linear.Read(w, name + ".qkv", s.Width, 3 * s.Width),
            w.Take(name + ".q_gain", [s.HeadDim]),
            w.Take(name + ".k_gain", [s.HeadDim]),
            Linear.Read(w, name + ".projection", s.Width, s.Width),
            Linear.Read(w, name + ".up", s.Width, s.Hidden),
            Linear.Read(w, name + ".down", s.Hidden, s.Width));
    }

    private sealed record Joint(Linear Modulation, Linear First, Tensor QueryGain, Tensor KeyGain, Linear Second)
    {
        public static Joint Read(RandomWeights w, string name, NetworkSize s) => new(
            HeadParts.Modulation(w, name + ".modulation", s.Width, 3, 1),
            Linear.Read(w, name + ".first", s.Width, (3 * s.Width) + s.Hidden),
            w.Take(name + ".q_gain", [s.HeadDim]),
            w.Take(name + ".k_gain", [s.HeadDim]),
            Linear.Read(w, name + ".second", s.Width + s.Hidden, s.Width));
    }
}
