using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A site being run: its hooks, body and state.</summary>
internal sealed record SiteFrame<TState>(
    Site Site,
    (HookPhase Phase, ISiteHook Hook, IStrategy Strategy)[] Hooks,
    TState State,
    SiteBody<TState> Body,
    SiteBody<TState>? Prepare,
    SiteBody<TState>? Drop);

internal sealed class SiteNext<TState>(SiteFrame<TState> frame, Evaluation evaluation, int level, bool prepared) : SiteNext
{
    public override Value Invoke(Value input) => Continue(evaluation, input);

    public override Value InvokeRows(Value input, int[] positions) => Scoped.Run(
        (Next: this, Input: input, Positions: positions),
        static s => s.Next.Continue(s.Next.Evaluation.Narrow(s.Positions), s.Next.TakeRows(s.Input, s.Positions))).Result;

    public override Value InvokeTokens(Value input, TokenSelection tokens) => Continue(evaluation.Narrow(tokens), input);

    public override Value Drop(Value input) => Drop(input, evaluation);

    public override Value DropRows(Value input, int[] positions) => Drop(TakeRows(input, positions), evaluation.Narrow(positions));

    private Value Drop(Value input, Evaluation e) =>
        frame.Drop is not null ? frame.Drop(input, frame.State, e)
        : frame.Site.IsBranch ? input.Map(static t => zeros_like(t))
        : frame.Site.Traits.HasFlag(SiteTraits.ShapePreserving) ? input
        : throw new InvalidOperationException($"The site '{frame.Site}' changes the shape of its input and says nothing of what skipping it means: the network must pass drop: where it raises it.");

    public override StateMark Mark(RunStore? except = null) => new(evaluation.Call.Stores, except);

    private Evaluation Evaluation => evaluation;

    private Value TakeRows(Value input, int[] positions) =>
        positions.Length == evaluation.Rows.Count ? input : evaluation.Rows.Take(input, positions);

    private Value Continue(Evaluation e, Value h)
    {
        var ready = prepared;
        if (!ready && frame.Prepare is not null && (level == frame.Hooks.Length || frame.Hooks[level].Phase > HookPhase.Cache))
        {
            h = frame.Prepare(h, frame.State, e);
            ready = true;
        }

        if (level < frame.Hooks.Length)
        {
            var (_, hook, strategy) = frame.Hooks[level];
            var at = new SiteCall(frame.Site, e);
            return SiteAnswers.Require(hook.Invoke(at, h, new SiteNext<TState>(frame, e, level + 1, ready)), h, at, strategy);
        }

        e.Call.Trace.Count(e.Rows, e.Cost(frame.Site, h));

        // A hook may run the body again: it begins with the layout it began with.
        var layout = e.Layout;
        var result = frame.Body(h, frame.State, e);
        e.Layout = layout;
        if (TensorForm.Exists(result.Main))
        {
            e.Call.Hooks.NoteBodyType(frame.Site, result.Main.dtype);
        }

        return SiteAnswers.Require(result, h, new(frame.Site, e), null);
    }
}
