namespace Acceleration.Onnx;

/// <summary>ONNX's numbers of types, by the names that ONNX Runtime's profiler writes.</summary>
internal static class TypeNumbers
{
    public static int Of(string name) => name switch
    {
        "float" => 1,
        "uint8" => 2,
        "int8" => 3,
        "uint16" => 4,
        "int16" => 5,
        "int32" => 6,
        "int64" => 7,
        "string" => 8,
        "bool" => 9,
        "float16" => 10,
        "double" => 11,
        "uint32" => 12,
        "uint64" => 13,
        "bfloat16" => 16,
        _ => 0,
    };
}
