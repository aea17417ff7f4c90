using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>A convolution of sequences. Does not own its tensors.</summary>
/// <param name="weight">[outputs, inputs, kernel]; [inputs, outputs, kernel] where it is transposed.</param>
/// <param name="bias">[outputs].</param>
/// <param name="stride">Steps from one output to the next, or from one input to the next where it is transposed.</param>
/// <param name="padding">Zeros at both ends.</param>
/// <param name="transposed">Whether it makes sequences longer.</param>
internal sealed class Conv1d(Tensor weight, Tensor bias, int stride = 1, int? padding = null, bool transposed = false)
{
    private readonly ScalarType _type = weight.dtype;
    private readonly long _padding = padding ?? (weight.size(2) / 2);

    /// <summary>Multiply-adds of one output step; of one input step where it is transposed.</summary>
    public double MultiplyAdds => weight.numel();

    public static Conv1d Read(IWeightSource weights, string name, long inputs, long outputs, int kernel, NetworkOptions options, int stride = 1, int? padding = null) => new(
        weights.Take(name + ".weight", [outputs, inputs, kernel], options.DType),
        weights.Take(name + ".bias", [outputs], options.DType),
        stride,
        padding);

    public static Conv1d ReadTransposed(IWeightSource weights, string name, long width, int kernel, NetworkOptions options, int stride, int padding) => new(
        weights.Take(name + ".weight", [width, width, kernel], options.DType),
        weights.Take(name + ".bias", [width], options.DType),
        stride,
        padding,
        transposed: true);

    /// <param name="x">[rows, inputs, steps].</param>
    /// <param name="residual">Type of the result.</param>
    /// <returns>[rows, outputs, ...].</returns>
    public Tensor Apply(Tensor x, ScalarType residual)
    {
        using var scope = NewDisposeScope();
        var typed = x.dtype == _type ? x : x.to(_type);
        var result = transposed ? functional.conv_transpose1d(typed, weight, bias, stride, _padding) : functional.conv1d(typed, weight, bias, stride, _padding);
        CountedMultiplyAdds.Current?.Add(MultiplyAdds * result.size(0) * (transposed ? x : result).size(2));
        return (result.dtype == residual ? result : result.to(residual)).MoveToOuterDisposeScope();
    }
}
