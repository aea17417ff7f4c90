using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which tokens are destinations of merging and which are sources.</summary>
/// <param name="Sources">int64 [S], ascending.</param>
/// <param name="Destinations">int64 [D], ascending; together with the sources every token once.</param>
public sealed record TokenPartition(Tensor Sources, Tensor Destinations)
{
    /// <summary>One destination in each whole cell of a grid, as ToMeSD has it; a ragged border at the right and the bottom is source.</summary>
    /// <param name="high">Tokens per column.</param>
    /// <param name="wide">Tokens per row.</param>
    /// <param name="strideY">Height of a cell.</param>
    /// <param name="strideX">Width of a cell.</param>
    /// <param name="pick">Which of a cell's tokens, 0 to strideY·strideX − 1, for each cell in turn; null for the first.</param>
    /// <param name="frames">Grids in a row, each partitioned for itself.</param>
    /// <param name="device">Where the positions are wanted.</param>
    public static TokenPartition Cells(int high, int wide, int strideY, int strideX, Func<int>? pick = null, int frames = 1, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(strideY, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(strideX, 1);
        var chosen = new bool[frames * high * wide];
        for (var frame = 0; frame < frames; frame++)
        {
            for (var y = 0; y + strideY <= high; y += strideY)
            {
                for (var x = 0; x + strideX <= wide; x += strideX)
                {
                    var inside = pick?.Invoke() ?? 0;
                    chosen[(((frame * high) + y + (inside / strideX)) * wide) + x + (inside % strideX)] = true;
                }
            }
        }

        return Of(chosen, device);
    }

    /// <summary>Every k-th token, the last of each k, is a destination, as ToMe has it for k = 2. A rest of fewer than k are destinations, too.</summary>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="every">k, at least 2.</param>
    /// <param name="device">Where the positions are wanted.</param>
    public static TokenPartition Every(int tokens, int every, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 2);
        return Of([.. Enumerable.Range(0, tokens).Select(i => i % every == every - 1 || (every > 2 && i >= tokens / every * every))], device);
    }

    private static TokenPartition Of(bool[] chosen, Device? device) => new(Positions(chosen, false, device), Positions(chosen, true, device));

    private static Tensor Positions(bool[] chosen, bool wanted, Device? device) =>
        tensor([.. Enumerable.Range(0, chosen.Length).Where(i => chosen[i] == wanted).Select(i => (long)i)], ScalarType.Int64, device);
}
