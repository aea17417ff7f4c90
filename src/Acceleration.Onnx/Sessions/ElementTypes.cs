using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Types that both sides know.</summary>
internal static class ElementTypes
{
    private static readonly (TensorElementType Onnx, ScalarType Torch)[] Pairs =
    [
        (TensorElementType.Float, ScalarType.Float32),
        (TensorElementType.Float16, ScalarType.Float16),
        (TensorElementType.BFloat16, ScalarType.BFloat16),
        (TensorElementType.Double, ScalarType.Float64),
        (TensorElementType.Int64, ScalarType.Int64),
        (TensorElementType.Int32, ScalarType.Int32),
        (TensorElementType.Int16, ScalarType.Int16),
        (TensorElementType.Int8, ScalarType.Int8),
        (TensorElementType.UInt8, ScalarType.Byte),
        (TensorElementType.Bool, ScalarType.Bool),
    ];

    /// <summary>Null where libtorch has no such type.</summary>
    public static ScalarType? Torch(TensorElementType type)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Onnx == type)
            {
                return pair.Torch;
            }
        }

        return null;
    }

    public static TensorElementType Onnx(ScalarType type)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Torch == type)
            {
                return pair.Onnx;
            }
        }

        throw new ArgumentException($"ONNX Runtime is not given tensors of type {type}.", nameof(type));
    }
}
