using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Between predictions and the clean samples they stand for, at the prediction site, in float32 at least. Learned variance is kept beside them as it is.</summary>
internal static class CleanSamples
{
    /// <summary>The clean samples of predictions.</summary>
    public static Value Of(Value output, DenoiserInfo network, SiteCall call, RowSet rows)
    {
        var x = Wide.Of(call.Unscaled(rows));
        return output.Zip(output, (o, _) => Beside(Conversions.X0(Head(o, x), network.Prediction, x, call.Step.At), o, x));
    }

    /// <summary>The predictions that stand for clean samples at the present latents.</summary>
    public static Value Predictions(Value clean, DenoiserInfo network, SiteCall call, RowSet rows)
    {
        var x = Wide.Of(call.Unscaled(rows));
        return clean.Zip(clean, (c, _) => Beside(Conversions.Output(Head(c, x), network.Prediction, x, call.Step.At), c, x).to(network.DType));
    }

    /// <summary>Of the channels of the latents; learned variance has as many behind them.</summary>
    internal static Tensor Head(Tensor output, Tensor x) => Wide.Of(output.size(1) == x.size(1) ? output : output.narrow(1, 0, x.size(1)));

    /// <summary>With the variance of <paramref name="output"/> behind.</summary>
    internal static Tensor Beside(Tensor head, Tensor output, Tensor x) =>
        output.size(1) == x.size(1) ? head : cat([head, Wide.Of(output.narrow(1, x.size(1), output.size(1) - x.size(1)))], 1);
}
