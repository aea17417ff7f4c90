using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The attention of a transformer block: to the tokens themselves, or to the text.</summary>
internal sealed class UNetAttention
{
    private readonly Site _site;
    private readonly LayerNorm _norm;
    private readonly Linear _queries;
    private readonly Linear? _text;
    private readonly Linear _projection;
    private readonly int _heads;
    private readonly ScalarType _type;
    private readonly bool _upcasts;

    /// <param name="loading">Where its parts come from.</param>
    /// <param name="site">Its site.</param>
    /// <param name="norm">Name of the norm in front of it.</param>
    /// <param name="name">Its own name.</param>
    /// <param name="plan">The layer that it lies in.</param>
    public UNetAttention(UNetLoading loading, Site site, string norm, string name, UNetLayerPlan plan)
    {
        var (weights, type, width) = (loading.Weights, loading.Options.DType, plan.Outputs);
        (_site, _heads, _type) = (site, plan.Stage.Heads, loading.Options.Residual);
        _upcasts = loading.Config.UpcastAttention && type != _type;
        _norm = LayerNorm.Read(weights, norm, width, UNetTransformer.NormEpsilon);
        if (site.Kind == SiteKind.CrossAttention)
        {
            _queries = Linear.Read(weights, name + ".to_q", width, width, weights.HasBias(name + ".to_q"), type);
            _text = ReadStack(loading, plan.Stage.TextWidth, [(name + ".to_k", width), (name + ".to_v", width)]);
        }
        else
        {
            _queries = ReadStack(loading, width, [(name + ".to_q", width), (name + ".to_k", width), (name + ".to_v", width)]);
        }

        _projection = Linear.Read(weights, name + ".to_out.0", width, width, dtype: type);
    }

    /// <summary>Layers of one input as one, with a bias where the file has one.</summary>
    public static Linear ReadStack(UNetLoading loading, int inputs, (string Name, long Outputs)[] parts) =>
        Linear.ReadStack(loading.Weights, inputs, parts, Array.Exists(parts, p => loading.Weights.HasBias(p.Name)), loading.Options.DType);

    /// <summary>The tokens plus what attention makes of them.</summary>
    public Tensor Apply(Tensor h, UNetCall call, Evaluation e)
    {
        var change = e.At(_site, h, (Attention: this, Call: call), static (h, s, e) => s.Attention.Body(h.Main, s.Call, e), static (h, s, _) => s.Attention._norm.Apply(h.Main)).Main;
        if (!e.IsHooked(_site))
        {
            return change.Increase(h);
        }

        return change.Plus(h);
    }

    private Tensor Body(Tensor h, UNetCall call, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Mixed(h, call, e);
        return _projection.Apply(joined).InType(_type).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private Tensor Mixed(Tensor h, UNetCall call, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var joint = _queries.Apply(h);
        if (_text is null)
        {
            return Attended(new(Part(joint, 0, 3), Part(joint, 1, 3), Part(joint, 2, 3)), e).MoveToOuterDisposeScope();
        }

        var text = _text.Apply(e.ForRows(call.Text!));
        var bias = call.TextBias is { } whole ? e.ForRows(whole) : null;
        return Attended(new(Part(joint, 0, 1), Shared(Part(text, 0, 2), h), Shared(Part(text, 1, 2), h), bias), e).MoveToOuterDisposeScope();
    }

    private Tensor Attended(in AttentionInput input, Evaluation e) => Heads.Join(e.Attend(_site, input));

    private Tensor Part(Tensor joint, int part, int parts)
    {
        var heads = Heads.Of(joint, part, parts, _heads);
        return _upcasts ? heads.to(_type) : heads;
    }

    /// <summary>One text for all rows.</summary>
    private static Tensor Shared(Tensor part, Tensor h) => part.size(0) == h.size(0) ? part : part.expand(h.size(0), -1, -1, -1);
}
