using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Squares of 2 × 2 latent pixels as tokens, channels first in each: [rows, c, h, w] ↔ [rows, h/2 · w/2, 4 c].</summary>
internal static class PackedForm
{
    public const int Side = 2;

    public static Tensor Pack(Tensor x)
    {
        var (rows, channels, high, wide) = (x.size(0), x.size(1), x.size(2) / Side, x.size(3) / Side);
        return x.view(rows, channels, high, Side, wide, Side).permute(0, 2, 4, 1, 3, 5).reshape(rows, high * wide, channels * Side * Side);
    }

    public static Tensor Unpack(Tensor x, long high, long wide)
    {
        var (rows, channels) = (x.size(0), x.size(2) / (Side * Side));
        return x.view(rows, high / Side, wide / Side, channels, Side, Side).permute(0, 3, 1, 4, 2, 5).reshape(rows, channels, high, wide);
    }

    /// <summary>[tokens, 3]: 0, row, column.</summary>
    public static Tensor Places(long high, long wide)
    {
        var (rows, columns) = (high / Side, wide / Side);
        var y = KeptScalars.Range(rows, ScalarType.Float32).view(-1, 1).expand(rows, columns);
        var x = KeptScalars.Range(columns, ScalarType.Float32).view(1, -1).expand(rows, columns);
        return stack([zeros(rows, columns), y, x], 2).reshape(rows * columns, 3);
    }
}
