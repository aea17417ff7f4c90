using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The running value m ← d + β·m of each sample.</summary>
internal static class Momentum
{
    /// <summary>Where it is remembered, under the row of the unconditional branch: one for all network calls of a step, as each of them moves it on.</summary>
    public static StoreKey Key { get; } = new("momentum");

    /// <summary>Moves it on and returns it: d itself without momentum. A sample without an earlier value begins with d.</summary>
    /// <param name="store">Holds it.</param>
    /// <param name="beta">β; null or 0 for none.</param>
    /// <param name="difference">d, [samples, ...].</param>
    /// <param name="samples">Their samples.</param>
    public static Tensor Next(RunStore store, double? beta, Tensor difference, IReadOnlyList<int> samples)
    {
        if (beta is not { } kept || kept == 0)
        {
            return difference;
        }

        var rows = new RowSet([.. samples.Select(s => new RowId(s, Branch.Unconditional))]);
        var known = rows.Positions(r => store.Depth(Key, r) > 0);
        var running = known.Length == 0 ? difference
            : known.Length == rows.Count ? difference.Plus(store.Get(Key, rows).Value.Times(kept))
            : cat([.. Enumerable.Range(0, rows.Count).Select(i => One(i))], 0);
        store.PushEssential(Key, rows, running);
        return running;

        Tensor One(int i)
        {
            var own = difference.narrow(0, i, 1);
            return known.Contains(i) ? own.Plus(store.Get(Key, rows.At([i])).Value.Times(kept)) : own;
        }
    }
}
