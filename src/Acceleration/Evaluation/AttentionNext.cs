using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The rest of an attention, as its hook may run it: what other strategies do with it, then dense attention in the fastest form measured on this machine.</summary>
public sealed class AttentionNext
{
    private readonly SiteCall _at;
    private readonly (HookPhase Phase, IAttentionHook Hook, IStrategy Strategy)[] _hooks;
    private readonly int _level;

    internal AttentionNext(SiteCall at, (HookPhase Phase, IAttentionHook Hook, IStrategy Strategy)[] hooks, int level = 0)
    {
        (_at, _hooks, _level) = (at, hooks, level);
    }

    /// <summary>The attention output, [rows, heads, tokens, head_dim].</summary>
    public Tensor Invoke(in AttentionInput input)
    {
        if (_level == _hooks.Length)
        {
            return Dense(input);
        }

        var (_, hook, strategy) = _hooks[_level];
        return SiteAnswers.Require(hook.Attend(_at, input, new(_at, _hooks, _level + 1)), input, _at.Site, strategy);
    }

    /// <summary>The same on some rows.</summary>
    /// <param name="input">The whole input; the rows are taken here.</param>
    /// <param name="positions">Ascending positions of the rows.</param>
    /// <returns>The output of these rows only.</returns>
    public Tensor InvokeRows(in AttentionInput input, int[] positions) =>
        positions.Length == _at.Rows.Count
            ? Invoke(input)
            : Scoped.Run(
                (Next: this, Input: input, Positions: positions),
                static s => new AttentionNext(new(s.Next._at.Site, s.Next._at.Evaluation.Narrow(s.Positions)), s.Next._hooks, s.Next._level)
                    .Invoke(s.Input.Take(s.Next._at.Rows, s.Positions))).Result.Main;

    internal static Tensor Dense(in AttentionInput input) =>
        DenseAttention.Compute(input.Query, input.Key, input.Value, input.Bias, input.Causal, input.Scale);
}
