namespace Acceleration.Models;

/// <summary>Finds pieces that a text begins with, in one walk: sorted, and narrowed by each further character.</summary>
internal sealed class PieceIndex
{
    private readonly string[] _pieces;
    private readonly int[] _ids;

    /// <param name="pieces">Pieces and their ids; of those with one text the first counts.</param>
    public PieceIndex(IEnumerable<(string Text, int Id)> pieces)
    {
        var distinct = pieces.DistinctBy(p => p.Text).ToArray();
        (_pieces, _ids) = ([.. distinct.Select(p => p.Text)], [.. distinct.Select(p => p.Id)]);
        Array.Sort(_pieces, _ids, StringComparer.Ordinal);
    }

    /// <summary>All pieces that a text begins with, the shortest first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Their lengths in characters and their ids; cleared before.</param>
    public void Prefixes(ReadOnlySpan<char> text, List<(int Length, int Id)> found)
    {
        found.Clear();
        var (low, high) = (0, _pieces.Length);
        for (var at = 0; at < text.Length; at++)
        {
            // Within the range all begin alike; of those the one that ends here is the first.
            (low, high) = (Bound(low, high, at, text[at]), Bound(low, high, at, text[at] + 1));
            if (low >= high)
            {
                return;
            }

            if (_pieces[low].Length == at + 1)
            {
                found.Add((at + 1, _ids[low]));
            }
        }
    }

    /// <summary>The first whose character at a place is at least <paramref name="least"/>; one that ends before has none and comes first.</summary>
    private int Bound(int low, int high, int at, int least)
    {
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_pieces[middle].Length > at && _pieces[middle][at] >= least)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
