using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// What a site may be answered with: checked wherever a hook works, because the body that meets a wrong shape next may not be able to say what is wrong, and some native operators abort on it. Sites without
/// hooks are not looked at.
/// </summary>
internal static class SiteAnswers
{
    /// <summary><paramref name="answer"/>, where it fits a site.</summary>
    /// <param name="answer">What a hook, or the network's own body, returned.</param>
    /// <param name="input">What it was given.</param>
    /// <param name="call">The site, with the rows of <paramref name="input"/>.</param>
    /// <param name="from">The strategy; null for the network.</param>
    /// <exception cref="InvalidOperationException">It does not fit; strategy and site are named.</exception>
    public static Value Require(Value answer, Value input, in SiteCall call, IStrategy? from)
    {
        if (call.Evaluation.Call.Hooks.AnswersAreChecked && !Fits(answer, input, call))
        {
            throw new InvalidOperationException(
                $"{Who(from, call)} returned {Of(answer)} at {call.Site} for {Of(input)}; expected {Expected(input, call)}.");
        }

        return answer;
    }

    /// <summary>An attention output, where it fits its input.</summary>
    public static Tensor Require(Tensor answer, in AttentionInput input, Site site, IStrategy from)
    {
        var query = input.Query;
        return TensorForm.Exists(answer) && answer.ndim == 4 && answer.dtype == query.dtype && TensorForm.SameDevice(answer, query)
            && answer.size(0) == query.size(0) && answer.size(1) == query.size(1) && answer.size(2) == query.size(2) && answer.size(3) == input.Value.size(3)
            ? answer
            : throw new InvalidOperationException(
                $"{from.Tag} returned {TensorForm.Of(answer)} at {site}; expected {query.dtype.ToString().ToLowerInvariant()} [{query.size(0)}, {query.size(1)}, {query.size(2)}, {input.Value.size(3)}].");
    }

    private static bool Fits(Value answer, Value input, in SiteCall call)
    {
        var (main, h) = (answer.Main, input.Main);
        return TensorForm.Exists(main) && IsFloating(main.dtype) && TensorForm.SameDevice(main, h)
            && FitsType(main.dtype, h.dtype, call)
            && FitsShape(main, h, call)
            && (input.Text is null || !IsPreserving(call.Site) || (TensorForm.Exists(answer.Text) && TensorForm.SameShape(answer.Text!, input.Text)));
    }

    /// <summary>Numbers of less precision are usual in front of or behind a residual stream; doubles are not.</summary>
    private static bool FitsType(ScalarType answer, ScalarType input, in SiteCall call) =>
        answer == input || (call.Evaluation.Call.Hooks.BodyType(call.Site) is { } usual ? answer == usual : answer != ScalarType.Float64);

    private static bool FitsShape(Tensor main, Tensor h, in SiteCall call)
    {
        if (call.Site.Kind is SiteKind.Prediction or SiteKind.Network)
        {
            return FitsPrediction(main, h);
        }

        return IsPreserving(call.Site) ? TensorForm.SameShape(main, h) : main.ndim > 0 && main.size(0) > 0 && main.size(0) % call.Rows.Count == 0;
    }

    /// <summary>The channels are the network's matter: learned variance doubles them.</summary>
    private static bool FitsPrediction(Tensor main, Tensor h)
    {
        if (main.ndim != h.ndim)
        {
            return false;
        }

        for (var i = 0; i < h.ndim; i++)
        {
            if (main.size(i) != h.size(i) && !(i == 1 && main.size(i) == 2 * h.size(i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPreserving(Site site) => site.Traits.HasFlag(SiteTraits.ShapePreserving) && site.Kind is not (SiteKind.Prediction or SiteKind.Network);

    private static bool IsFloating(ScalarType type) => type is ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64;

    private static string Who(IStrategy? from, in SiteCall call) => from?.Tag ?? (IsPreserving(call.Site) ? "The network, which calls the site shape-preserving," : "The network");

    private static string Of(Value value) => value.Text is null ? TensorForm.Of(value.Main) : $"{TensorForm.Of(value.Main)} with text {TensorForm.Of(value.Text)}";

    private static string Expected(Value input, in SiteCall call)
    {
        var types = call.Evaluation.Call.Hooks.BodyType(call.Site) is { } usual && usual != input.Main.dtype ? $" (or {usual.ToString().ToLowerInvariant()}, as the network returns there)" : "";
        return IsPreserving(call.Site) ? $"the same shape and type{types}"
            : call.Site.Kind is SiteKind.Prediction or SiteKind.Network ? $"its shape, or twice its channels where variances are learned, and its type{types}"
            : $"floating-point numbers for {call.Rows.Count} rows{types}";
    }
}
