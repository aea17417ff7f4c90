using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What a video network is given, looked at before native code meets it.</summary>
/// <param name="info">The network.</param>
/// <param name="evaluation">The call.</param>
internal readonly struct VideoInputs(DenoiserInfo info, Evaluation evaluation)
{
    private int Rows => evaluation.Rows.Count;

    /// <summary>How the tokens of latents lie.</summary>
    /// <exception cref="ArgumentException">Their size does not fit the network, or their rows the evaluation.</exception>
    public TokenLayout Layout(Tensor latents)
    {
        var shape = latents.shape;
        info.RequireSize(shape.Length > 0 ? shape[1..] : shape);
        return shape[0] == Rows
            ? info.Layout(shape[1..])
            : throw new ArgumentException($"{info.Name}: the latents have {shape[0]} rows, the evaluation has {Rows}.", nameof(latents));
    }

    /// <summary>A number for each row, expanded where one is shared by all, on the network's device.</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public Tensor PerRow(Tensor x, string what) => x.ndim == 1 && IsShared(x)
        ? x.to(info.Device).expand(Rows)
        : throw new ArgumentException($"{info.Name}: {what} must be [{Rows}] or [1]; its shape is {Shape(x)}.");

    /// <summary>A number for each row, or for each token of each row.</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public Tensor PerRowOrToken(Tensor x, string what, long tokens)
    {
        if (x.ndim != 2)
        {
            return PerRow(x, what);
        }

        return IsShared(x) && x.size(1) == tokens
            ? x.to(info.Device).expand(Rows, tokens)
            : throw new ArgumentException($"{info.Name}: {what} must be [{Rows}], [1] or, token by token, [{Rows}, {tokens}]; its shape is {Shape(x)}.");
    }

    /// <summary>A condition [rows, tokens, width], expanded where one is shared by all.</summary>
    /// <exception cref="ArgumentException">It is missing or has another shape.</exception>
    public Tensor Sequence(Conditioning condition, string name, long width, long? tokens = null)
    {
        var x = Required(condition, name);
        return x.ndim == 3 && IsShared(x) && x.size(2) == width && (tokens is null ? x.size(1) > 0 : x.size(1) == tokens) && is_floating_point(x)
            ? x.to(info.DType, info.Device).expand(Rows, x.size(1), width)
            : throw new ArgumentException($"{info.Name}: condition '{name}' must be floating-point [{Rows}, {tokens?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "tokens"}, {width}]; its shape is {Shape(x)}.", nameof(condition));
    }

    /// <summary>Which tokens of a sequence may be attended to, as a bias of attention [rows, 1, 1, tokens]; null where nothing says it.</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public Tensor? Mask(Conditioning condition, string name, long tokens)
    {
        if (condition.Find(name) is not { } x)
        {
            return null;
        }

        return x.ndim == 2 && IsShared(x) && x.size(1) == tokens
            ? x.to(ScalarType.Bool, info.Device).expand(Rows, tokens).view(Rows, 1, 1, tokens)
            : throw new ArgumentException($"{info.Name}: condition '{name}' must be [{Rows}, {tokens}], one entry for each text token; its shape is {Shape(x)}.", nameof(condition));
    }

    /// <summary>Latents, with those that lie beside them along the channels.</summary>
    /// <exception cref="ArgumentException">The condition is missing or has another shape.</exception>
    public Tensor Beside(Tensor latents, Conditioning condition, long channels)
    {
        if (channels == 0)
        {
            return latents;
        }

        var x = Required(condition, ConditionNames.ImageLatents);
        long[] size = [channels, .. latents.shape[2..]];
        return x.ndim == 5 && IsShared(x) && x.shape.AsSpan(1).SequenceEqual(size)
            ? cat([latents, x.to(latents.dtype, latents.device).expand([Rows, .. size])], 1)
            : throw new ArgumentException($"{info.Name}: condition '{ConditionNames.ImageLatents}' must be [{Rows}, {string.Join(", ", size)}]; its shape is {Shape(x)}.", nameof(condition));
    }

    /// <summary>Rotary positions that the caller has made, of all tokens of a joint stream; null where it has made none.</summary>
    /// <exception cref="ArgumentException">They have another shape.</exception>
    public Tensor? Turns(Conditioning condition, TokenLayout layout, long head)
    {
        if (condition.Find(ConditionNames.Rotary) is not { } x)
        {
            return null;
        }

        if (x.ndim != 3 || x.size(0) != 1 || x.size(1) != layout.Tokens || x.size(2) != head)
        {
            throw new ArgumentException($"{info.Name}: condition '{ConditionNames.Rotary}' must be [1, {layout.Tokens}, {head}]; its shape is {Shape(x)}.", nameof(condition));
        }

        using var scope = NewDisposeScope();
        var video = stack([.. x[0].to(info.DType, info.Device).chunk(2, 1)], -1);
        var text = zeros([layout.TextLength, head / 2, 2], info.DType, info.Device);
        text.select(2, 0).Increment();
        return cat([text, video], 0).view_as_complex().MoveToOuterDisposeScope();
    }

    private Tensor Required(Conditioning condition, string name) => condition.Find(name)
        ?? throw new ArgumentException($"{info.Name} needs the condition '{name}', which was not given. Given: {(condition.Names.Count == 0 ? "none" : string.Join(", ", condition.Names))}.", nameof(condition));

    private bool IsShared(Tensor x) => x.size(0) == Rows || x.size(0) == 1;

    private static string Shape(Tensor x) => $"[{string.Join(", ", x.shape)}]";
}
