using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What a network is called with, looked at before native code meets it, and brought to the network's type and device.</summary>
/// <param name="info">The network.</param>
internal sealed class NetworkInputs(DenoiserInfo info)
{
    /// <summary>Latents of a size that the network takes.</summary>
    /// <exception cref="ArgumentException">Their size or rows do not fit.</exception>
    public Tensor Latents(Tensor latents, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(latents);
        var shape = latents.shape;
        if (shape.Length == 0 || !is_floating_point(latents))
        {
            throw new ArgumentException($"{info.Name}: latents are floating-point [rows, {string.Join(", ", info.SampleSize)}]; given are {Form(latents)}.", nameof(latents));
        }

        info.RequireSize(shape[1..]);
        return shape[0] == evaluation.Rows.Count
            ? latents.InType(info.DType)
            : throw new ArgumentException($"{info.Name}: the latents have {shape[0]} rows, the evaluation has {evaluation.Rows.Count}.", nameof(latents));
    }

    /// <summary>Latents with those that the condition puts beside them along the channels, in networks that read such.</summary>
    /// <param name="latents">As <see cref="Latents"/> gives them.</param>
    /// <param name="condition">The conditions.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <exception cref="ArgumentException">They are missing or have another shape.</exception>
    public Tensor WithImage(Tensor latents, Conditioning condition, Evaluation evaluation) => info.Conditions.Any(c => c.Name == ConditionNames.ImageLatents)
        ? cat([latents, Get(condition, ConditionNames.ImageLatents, evaluation, latents)], 1)
        : latents;

    /// <summary>The time of each row, [rows], expanded where one is shared by all.</summary>
    /// <exception cref="ArgumentException">There is another number.</exception>
    public Tensor Times(Tensor timestep, Evaluation evaluation) => PerRow(timestep, "timestep", evaluation);

    /// <summary>The time of each row, or of each of its tokens, [rows, tokens].</summary>
    /// <exception cref="ArgumentException">There is another number.</exception>
    public Tensor TimesOrTokens(Tensor timestep, long tokens, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(timestep);
        if (timestep.ndim != 2)
        {
            return Times(timestep, evaluation);
        }

        var rows = evaluation.Rows.Count;
        return (timestep.size(0) == rows || timestep.size(0) == 1) && timestep.size(1) == tokens
            ? Whole(Here(timestep), rows)
            : throw new ArgumentException($"{info.Name}: timestep must be [{rows}], [1] or, token by token, [{rows}, {tokens}]; its shape is [{string.Join(", ", timestep.shape)}].", nameof(timestep));
    }

    /// <summary>A number for each row, [rows], expanded where one is shared by all, on the network's device.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="what">What they are.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <exception cref="ArgumentException">There is another number.</exception>
    public Tensor PerRow(Tensor x, string what, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(x);
        var rows = evaluation.Rows.Count;
        return x.ndim == 1 && (x.size(0) == rows || x.size(0) == 1)
            ? Whole(Here(x), rows)
            : throw new ArgumentException($"{info.Name}: {what} must be [{rows}] or [1]; its shape is [{string.Join(", ", x.shape)}].", nameof(x));
    }

    /// <summary>A condition, [rows, ...], expanded where one row is shared by all.</summary>
    /// <param name="condition">The conditions.</param>
    /// <param name="name">Its name, one of those in <see cref="DenoiserInfo.Conditions"/>.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="latents">The latents, whose sides it must have where its specification says so.</param>
    /// <returns>Null where it is optional and was not given.</returns>
    /// <exception cref="ArgumentException">It is missing, or does not fit.</exception>
    public Tensor? Find(Conditioning condition, string name, Evaluation evaluation, Tensor? latents = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var spec = info.Conditions.First(c => c.Name == name);
        if (condition.Find(name) is not { } given)
        {
            return spec.IsOptional
                ? null
                : throw new ArgumentException($"{info.Name} needs {spec}; given {(condition.Names.Count == 0 ? "is nothing" : $"are {string.Join(", ", condition.Names)}")}.", nameof(condition));
        }

        var rows = evaluation.Rows.Count;
        if (!spec.Fits(given) || (given.size(0) != rows && given.size(0) != 1) || (spec.FollowsLatents && latents is not null && !given.shape[2..].AsSpan().SequenceEqual(latents.shape[2..])))
        {
            throw new ArgumentException(
                $"{info.Name} reads {spec}, with {rows} rows or 1{(spec.FollowsLatents && latents is not null ? $" and the sides of the latents, {string.Join(" × ", latents.shape[2..])}" : "")}; given is {Form(given)}.", nameof(condition));
        }

        return Whole(given.to(info.DType, info.Device), rows);
    }

    /// <summary>A condition that is not optional.</summary>
    /// <inheritdoc cref="Find"/>
    public Tensor Get(Conditioning condition, string name, Evaluation evaluation, Tensor? latents = null) => Find(condition, name, evaluation, latents)!;

    /// <summary>Which tokens of a text count, [rows, 1, 1, tokens]: 1 for those, 0 for others; null where nothing says it.</summary>
    /// <param name="condition">The conditions.</param>
    /// <param name="text">The text, [rows, tokens, width].</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <exception cref="ArgumentException">It does not fit, or is for another number of tokens.</exception>
    public Tensor? TextMask(Conditioning condition, Tensor text, Evaluation evaluation)
    {
        if (Find(condition, ConditionNames.TextMask, evaluation) is not { } mask)
        {
            return null;
        }

        return mask.size(1) == text.size(1)
            ? mask.unsqueeze(1).unsqueeze(1)
            : throw new ArgumentException($"{info.Name}: '{ConditionNames.TextMask}' is for {mask.size(1)} tokens, '{ConditionNames.Text}' has {text.size(1)}.", nameof(condition));
    }

    private static string Form(Tensor x) => $"{x.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", x.shape)}]";

    private Tensor Here(Tensor x) => x.device_type == info.Device.type ? x : x.to(info.Device);

    private static Tensor Whole(Tensor x, int rows)
    {
        if (x.size(0) == rows)
        {
            return x;
        }

        var shape = x.shape;
        shape[0] = rows;
        return x.expand(shape);
    }
}
