using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Gives the rows of its branch their values, and all others attention.</summary>
internal sealed class PerturbedAttentionRun(PerturbedAttentionGuidance guidance, DenoiserInfo network) : PerturbationRun(guidance, network), IAttentionHook
{
    public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next)
    {
        var own = Own(call.Rows);
        if (own.Length == 0)
        {
            return next.Invoke(input);
        }

        var (query, value) = (input.Query, input.Value);
        if (query.size(2) != value.size(2))
        {
            throw new InvalidOperationException($"At {call.Site} {query.size(2)} queries meet {value.size(2)} values: only self-attention can see itself alone.");
        }

        // Heads and rows may share values.
        var values = call.Rows.Take(value.expand(query.size(0), query.size(1), value.size(2), value.size(3)), own);
        call.CountSaved(2.0 * values.size(0) * values.size(1) * values.size(3) * query.size(2) * query.size(2));
        if (own.Length == call.Rows.Count)
        {
            return values;
        }

        var others = call.Rows.Except(own);
        return call.Rows.Merge(others, next.InvokeRows(input, others), own, values).Main;
    }
}
