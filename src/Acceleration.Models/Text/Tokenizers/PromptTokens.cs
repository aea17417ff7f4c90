using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Prompts as token ids, one row each, all of one length. Immutable.</summary>
public sealed class PromptTokens
{
    /// <summary>Makes it of ids, for whoever has a tokenizer of their own.</summary>
    /// <param name="ids">Rows of equal lengths.</param>
    /// <param name="mask">Which tokens are no padding; null for all.</param>
    /// <exception cref="ArgumentException">There is no row or no token, rows differ in length, or an id is negative.</exception>
    public PromptTokens(IReadOnlyList<IReadOnlyList<int>> ids, IReadOnlyList<IReadOnlyList<bool>>? mask = null)
        : this(ids, mask, [.. (ids ?? []).Select(_ => 0)])
    {
    }

    internal PromptTokens(IReadOnlyList<IReadOnlyList<int>> ids, IReadOnlyList<IReadOnlyList<bool>>? mask, IReadOnlyList<int> cut)
    {
        ArgumentNullException.ThrowIfNull(ids);
        Ids = [.. ids.Select(r => (IReadOnlyList<int>)[.. r])];
        Length = ids.Count == 0 ? 0 : Ids[0].Count;
        Mask = [.. (mask ?? [.. Ids.Select(r => (IReadOnlyList<bool>)[.. Enumerable.Repeat(true, r.Count)])]).Select(r => (IReadOnlyList<bool>)[.. r])];
        Cut = cut;
        if (Length == 0 || Ids.Any(r => r.Count != Length) || Mask.Count != Ids.Count || Mask.Any(r => r.Count != Length))
        {
            throw new ArgumentException($"Prompts are rows of equally many tokens, at least one; these have {(ids.Count == 0 ? "no rows" : string.Join(", ", Ids.Select(r => r.Count).Distinct()))}. Pad them.", nameof(ids));
        }

        if (Ids.Any(r => r.Any(i => i < 0)))
        {
            throw new ArgumentException("A token id is negative.", nameof(ids));
        }
    }

    /// <summary>The ids, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Ids { get; }

    /// <summary>False exactly where padding was appended. A padding token that was typed, or an end token that is the padding token too, counts as text.</summary>
    public IReadOnlyList<IReadOnlyList<bool>> Mask { get; }

    /// <summary>How many tokens of each prompt were too many and have been cut off its end; special tokens are not among them.</summary>
    public IReadOnlyList<int> Cut { get; }

    /// <summary>Whether any prompt was cut.</summary>
    public bool IsCut => Cut.Any(c => c > 0);

    /// <summary>Number of prompts.</summary>
    public int Rows => Ids.Count;

    /// <summary>Tokens of each.</summary>
    public int Length { get; }

    /// <summary>The ids as a tensor, owned by the caller.</summary>
    /// <param name="device">Where it goes; null for the CPU.</param>
    /// <returns>int64 [rows, length].</returns>
    public Tensor IdTensor(Device? device = null) => Made([.. Ids.SelectMany(r => r.Select(i => (long)i))], device);

    /// <summary>The mask as a tensor, owned by the caller: what networks read as <see cref="ConditionNames.TextMask"/>.</summary>
    /// <inheritdoc cref="IdTensor"/>
    /// <returns>int64 [rows, length]: 1 for tokens, 0 for padding.</returns>
    public Tensor MaskTensor(Device? device = null) => Made([.. Mask.SelectMany(r => r.Select(m => m ? 1L : 0L))], device);

    private Tensor Made(long[] values, Device? device)
    {
        using var scope = NewDisposeScope();
        var made = tensor(values, [Rows, Length]);
        return (device is null ? made : made.to(device)).MoveToOuterDisposeScope();
    }
}
