using static TorchSharp.torch;

namespace Acceleration;

/// <summary>From outputs to what is remembered of them, and back.</summary>
internal static class Quantities
{
    /// <summary>What is remembered of a computed part.</summary>
    public static Value Kept(Quantity quantity, Value input, Value output) =>
        quantity == Quantity.Residual ? output.Zip(Beside(input, output.Text is not null), Residual) : output;

    /// <summary>Whether a residual is just output − input, stream by stream.</summary>
    public static bool IsDifference(Value input, Value output) =>
        (input.Text is null) == (output.Text is null) && IsDifference(output.Main, input.Main) && (output.Text is null || IsDifference(output.Text, input.Text!));

    /// <summary>The output that what was made up stands for.</summary>
    public static Value Applied(Quantity quantity, Value input, Value made) =>
        quantity == Quantity.Residual ? Beside(input, made.Text is not null).Zip(made, Applied) : made;

    /// <summary>The prediction site turns one latent into two predictions where re-noising has its own: both are seen against that latent.</summary>
    private static Value Beside(Value input, bool outputHasText) => outputHasText && input.Text is null ? new(input.Main, input.Main) : input;

    /// <summary>output − input on the channels both have: learned variance has more outputs than inputs, whose tail is kept as it is.</summary>
    private static Tensor Residual(Tensor output, Tensor input) =>
        IsDifference(output, input) ? output - input
        : cat([output.narrow(1, 0, input.size(1)) - input, output.narrow(1, input.size(1), output.size(1) - input.size(1))], 1);

    private static bool IsDifference(Tensor output, Tensor input) => output.size(1) == input.size(1) || output.ndim < 4;

    private static Tensor Applied(Tensor input, Tensor residual) =>
        residual.size(1) == input.size(1) || residual.ndim < 4 ? input.Plus(residual)
        : cat([residual.narrow(1, 0, input.size(1)).Plus(input), residual.narrow(1, input.size(1), residual.size(1) - input.size(1))], 1);
}
