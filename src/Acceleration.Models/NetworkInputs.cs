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

    /// <summary>The time of each row, [rows], expanded where one is shared by all.</summary>
    /// <exception cref="ArgumentException">There is another number.</exception>
    public Tensor Times(Tensor timestep, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(timestep);
        var rows = evaluation.Rows.Count;
        return timestep.ndim == 1 && (timestep.size(0) == rows || timestep.size(0) == 1)
            ? Whole(timestep.device_type == info.Device.type ? timestep : timestep.to(info.Device), rows)
            : throw new ArgumentException($"{info.Name}: timestep must be [{rows}] or [1]; its shape is [{string.Join(", ", timestep.shape)}].", nameof(timestep));
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

    private static string Form(Tensor x) => $"{x.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", x.shape)}]";

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
