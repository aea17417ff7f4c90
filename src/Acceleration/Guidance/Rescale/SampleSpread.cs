using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The standard deviation of a sample over all its values, unbiased.</summary>
internal static class SampleSpread
{
    /// <summary>
    /// φ·(g·(std c / std g)) + (1 − φ)·g. A sample that has the condition's spread already (it is not guided) stays as it is to the last bit, and so does one without any spread, by which nothing can be divided.
    /// </summary>
    /// <param name="guided">g, [samples, ...].</param>
    /// <param name="cond">c.</param>
    /// <param name="phi">φ.</param>
    public static Tensor Restore(Tensor guided, Tensor cond, double phi)
    {
        var (g, wanted, has) = (PerSample.Wide(guided), Of(cond), Of(guided));
        var mixed = (g * (wanted / has).As(g)).Times(phi).Plus(g.Times(1 - phi));
        return where(wanted.eq(has).logical_or(has.EqualTo(0.0)), g, mixed).As(guided);
    }

    private static Tensor Of(Tensor x) =>
        x.flatten(1).to(ScalarType.Float64).std(1, unbiased: true, keepdim: false).view([x.size(0), .. Enumerable.Repeat(1L, (int)x.ndim - 1)]);
}
