using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>What probing calls are made with.</summary>
internal static class ProbeInputs
{
    private const int Tokens = 11;

    /// <summary>Conditions in the forms that a network reads; sequences of another length for another number of rows.</summary>
    public static Conditioning Condition(DenoiserInfo info, int rows) => new(rows, [.. info.Conditions.Select(c => (c.Name, Tensor(c, rows)))]);

    /// <summary>
    /// Another latent size than the usual one, where a model leaves sides open: half as high and three quarters as wide, so that one side is not taken for the other, and no table of positions ends before. Null where it takes one size.
    /// </summary>
    public static IReadOnlyList<long>? OtherSize(DenoiserInfo info, ModelSignature signature)
    {
        var usual = info.SampleSize;
        var given = signature.Latents.Size;
        long[] size = [.. usual.Select((s, i) => IsOpen(i) ? Other(i) : s)];
        return size.SequenceEqual(usual) ? null : size;

        // Packed latents have one dimension of tokens for both sides.
        bool IsOpen(int i) => i > 0 && (signature.IsPacked ? given[1] < 0 : given.Count == usual.Count + 1 && given[i + 1] < 0);

        long Other(int i)
        {
            var of = i < usual.Count - 2 ? info.FramePatch : info.SizeMultiple;
            var less = (i == usual.Count - 1 ? usual[i] * 3 / 4 : usual[i] / 2) / of * of;
            return less > 0 && less < usual[i] ? less : usual[i] * 2;
        }
    }

    private static Tensor Tensor(ConditionSpec spec, int rows)
    {
        long[] size = [rows, .. spec.Size.Select((s, i) => i == 0 && spec.IsSequence ? Tokens + (2L * rows) : s)];
        return is_integral(spec.DType) ? zeros(size, dtype: spec.DType) : ones(size, dtype: spec.DType);
    }
}
