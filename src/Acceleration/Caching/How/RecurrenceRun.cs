using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The last computed value of each row, and the state that follows from all before.</summary>
internal sealed class RecurrenceRun(Recurrence how, RunStore store) : IHowRun
{
    private const string State = ".state";

    public int Depth(StoreKey key, RowId row) => Math.Min(store.Depth(key, row), store.Depth(key with { Name = key.Name + State }, row));

    public void Observe(in HowCall call, RowSet rows, Tensor kept)
    {
        var (last, state, now) = (call.Key(), call.Key(State), how.Over.Of(call.Step));
        using var scope = NewDisposeScope();
        store.Follow(state, rows, [last], known =>
        {
            var before = store.Get(last, known);
            return known.Grouped(
                row => (Began: store.Depth(state, row) > 0, Distance: now - before.At[known.IndexOf(row)]),
                (some, at) => Next(at.Began ? store.Get(state, some).Value : null, known.Take(before.Value, some), rows.Take(kept, some), at.Distance));
        });
        store.Push(last, rows, kept, now);
    }

    public Tensor Make(in HowCall call, RowSet rows)
    {
        var (state, last, now) = (call.Key(State), store.Get(call.Key(), rows), how.Over.Of(call.Step));
        return rows.Grouped(
            row => now - last.At[rows.IndexOf(row)],
            (some, distance) => how.Make(store.Get(state, some).Value, rows.Take(last.Value, some), distance).to(last.Value.dtype));
    }

    /// <summary>Solvers that ask twice at one time advance nothing between; a state that would begin there has not moved yet.</summary>
    private Tensor Next(Tensor? state, Tensor last, Tensor now, double distance) =>
        distance != 0 ? how.Next(state, last, now, distance) : state ?? how.Next(null, last, last, 1);
}
