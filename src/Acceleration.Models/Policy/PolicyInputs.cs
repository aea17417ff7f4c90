using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Refuses what native code must not meet.</summary>
internal static class PolicyInputs
{
    /// <summary>Demands latents [rows, action_dim, horizon] with the evaluation's rows.</summary>
    public static void RequireLatents(DenoiserInfo info, Tensor latents, Evaluation evaluation, long? longest = null)
    {
        var shape = latents.shape;
        info.RequireSize(shape.Length == 0 ? [] : shape[1..]);
        if (shape[0] != evaluation.Rows.Count)
        {
            throw new ArgumentException($"{info.Name}: the latents have {shape[0]} rows, the evaluation has {evaluation.Rows.Count}.", nameof(latents));
        }

        if (shape[2] > longest)
        {
            throw new ArgumentException($"{info.Name} has positions for {longest} actions; got {shape[2]}.", nameof(latents));
        }
    }

    /// <summary>One time per row, expanded where one is shared by all.</summary>
    public static Tensor Times(DenoiserInfo info, Tensor timestep, Evaluation evaluation)
    {
        var rows = evaluation.Rows.Count;
        return timestep.ndim == 1 && timestep.size(0) == rows ? timestep
            : timestep.ndim == 1 && timestep.size(0) == 1 ? timestep.expand(rows)
            : throw new ArgumentException($"{info.Name}: timestep must be [{rows}] or [1]; its shape is [{string.Join(", ", timestep.shape)}].", nameof(timestep));
    }

    /// <summary>A condition for every row, in the network's type.</summary>
    /// <param name="info">The network.</param>
    /// <param name="given">Its value.</param>
    /// <param name="name">Its name.</param>
    /// <param name="size">Size of one row; where the first is negative, up to that many.</param>
    /// <param name="evaluation">Whose rows it must have.</param>
    public static Tensor Condition(DenoiserInfo info, Tensor given, string name, long[] size, Evaluation evaluation)
    {
        var rows = evaluation.Rows.Count;
        var fits = given.ndim == size.Length + 1 && (given.size(0) == rows || given.size(0) == 1) && is_floating_point(given);
        for (var i = 0; fits && i < size.Length; i++)
        {
            fits = size[i] < 0 ? given.size(i + 1) >= 1 && given.size(i + 1) <= -size[i] : given.size(i + 1) == size[i];
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"{info.Name}: condition '{name}' must be [{rows} or 1, {string.Join(", ", size.Select(s => s < 0 ? $"1 to {-s}" : $"{s}"))}] of a floating-point type; it is {given.dtype} [{string.Join(", ", given.shape)}].");
        }

        var typed = given.to(info.DType, info.Device);
        return given.size(0) == rows ? typed : typed.expand([rows, .. given.shape[1..]]);
    }
}
