using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Conditions of a probing call, in the forms that a network reads; sequences of another length for another number of rows.</summary>
internal static class ProbeInputs
{
    private const int Tokens = 11;

    public static Conditioning Condition(DenoiserInfo info, int rows) => new(rows, [.. info.Conditions.Select(c => (c.Name, Tensor(c, rows)))]);

    private static Tensor Tensor(ConditionSpec spec, int rows)
    {
        long[] size = [rows, .. spec.Size.Select((s, i) => i == 0 && spec.IsSequence ? Tokens + (2L * rows) : s)];
        return is_integral(spec.DType) ? zeros(size, dtype: spec.DType) : ones(size, dtype: spec.DType);
    }
}
