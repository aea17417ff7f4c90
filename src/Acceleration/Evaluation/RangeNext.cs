namespace Acceleration;

/// <summary>A chain of blocks, as its hook may run it: any range, on all rows or some.</summary>
public abstract class RangeNext
{
    /// <summary>Number of blocks.</summary>
    public abstract int Count { get; }

    /// <summary>Runs blocks <paramref name="from"/> up to, not including, <paramref name="to"/>; the input itself where the range is empty.</summary>
    public abstract Value Invoke(Value input, int from, int to);

    /// <summary>The same on some rows.</summary>
    /// <param name="input">The whole input; the rows are taken here.</param>
    /// <param name="positions">Ascending positions of the rows.</param>
    /// <param name="from">First block.</param>
    /// <param name="to">Block after the last.</param>
    /// <returns>The output of these rows only.</returns>
    public abstract Value InvokeRows(Value input, int[] positions, int from, int to);

    /// <inheritdoc cref="SiteNext.Mark"/>
    public abstract StateMark Mark(RunStore? except = null);
}

internal sealed class RangeNext<TState>(Site chain, Evaluation evaluation, TState state, BlocksBody<TState> body, int longest) : RangeNext
{
    public override int Count => chain.Blocks.Count;

    public override Value Invoke(Value input, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Count);
        for (var i = from; i < to; i++)
        {
            evaluation.Call.Trace.Count(evaluation.Rows, evaluation.Cost(chain.Blocks[i], input));
        }

        var result = evaluation.RunRange(chain, input, from, to, state, body, longest);
        if (to > from && TensorForm.Exists(result.Main))
        {
            evaluation.Call.Hooks.NoteBodyType(chain, result.Main.dtype);
        }

        return SiteAnswers.Require(result, input, new(chain, evaluation), null);
    }

    public override Value InvokeRows(Value input, int[] positions, int from, int to) =>
        positions.Length == evaluation.Rows.Count
            ? Invoke(input, from, to)
            : Scoped.Run(
                (Chain: chain, Parent: evaluation, State: state, Body: body, Longest: longest, Input: input, Positions: positions, From: from, To: to),
                static s => new RangeNext<TState>(s.Chain, s.Parent.Narrow(s.Positions), s.State, s.Body, s.Longest)
                    .Invoke(s.Parent.Rows.Take(s.Input, s.Positions), s.From, s.To)).Result;

    public override StateMark Mark(RunStore? except = null) => new(evaluation.Call.Stores, except);
}
