using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

public sealed class SafetensorsReadTests : CheckpointTest
{
    public static TheoryData<string, ScalarType, string> KnownBytes() => new()
    {
        { "F64", ScalarType.Float64, "000000000000F03F 000000000000F8BF" },
        { "F32", ScalarType.Float32, "0000803F 0000C0BF" },
        { "F16", ScalarType.Float16, "003C 00BE" },
        { "BF16", ScalarType.BFloat16, "803F C0BF" },
        { "I64", ScalarType.Int64, "0100000000000000 FEFFFFFFFFFFFFFF" },
        { "I32", ScalarType.Int32, "01000000 FEFFFFFF" },
        { "I16", ScalarType.Int16, "0100 FEFF" },
        { "I8", ScalarType.Int8, "01 FE" },
        { "U8", ScalarType.Byte, "01 FE" },
        { "BOOL", ScalarType.Bool, "01 00" },
    };

    [Theory]
    [MemberData(nameof(KnownBytes))]
    public void EveryElementTypeIsReadFromItsKnownBytes(string name, ScalarType type, string hex)
    {
        var data = Convert.FromHexString(hex.Replace(" ", ""));
        using var file = SafetensorsFile.Open(Raw($$$"""{"x":{"dtype":"{{{name}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""", data));
        using var read = file.Read("x");
        using var exact = file.Read("x", ScalarType.Float64);

        double[] expected = name switch
        {
            "U8" => [1, 254],
            "BOOL" => [1, 0],
            _ when name.StartsWith('I') => [1, -2],
            _ => [1, -1.5],
        };
        Assert.Equal(type, file.Tensors["x"].DType);
        Assert.Equal(type, read.dtype);
        Assert.Equal(data, read.bytes.ToArray());
        Assert.Equal(expected, exact.data<double>().ToArray());
    }

    [Theory]
    [MemberData(nameof(KnownBytes))]
    public void EveryElementTypeIsWrittenToItsKnownBytes(string name, ScalarType type, string hex)
    {
        var data = Convert.FromHexString(hex.Replace(" ", ""));
        using var tensor = empty(2, type);
        data.CopyTo(tensor.bytes);
        SafetensorsFile.Write(PathOf("out.safetensors"), [("x", tensor)]);

        var written = File.ReadAllBytes(PathOf("out.safetensors"));
        var json = $$$"""{"x":{"dtype":"{{{name}}}","shape":[2],"data_offsets":[0,{{{data.Length}}}]}}""";
        var padded = json.PadRight((json.Length + 7) / 8 * 8);
        Assert.Equal((byte[])[(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. padded.Select(c => (byte)c), .. data], written);
    }

    [Fact]
    public void ScalarsAndEmptyTensorsKeepTheirShape()
    {
        using var file = SafetensorsFile.Open(Raw(
            """{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"I64","shape":[3,0,2],"data_offsets":[4,4]}}""", 0, 0, 0x40, 0x40));
        using var scalar = file.Read("s");
        using var none = file.Read("e");
        Assert.Empty(scalar.shape);
        Assert.Equal(3f, scalar.ToSingle());
        Assert.Equal([3, 0, 2], none.shape);
        Assert.Equal(ScalarType.Int64, none.dtype);
        Assert.Equal(0, file.Tensors["e"].Bytes);
    }

    [Fact]
    public void AFileMayHoldNoTensors()
    {
        using var file = SafetensorsFile.Open(Raw("{}"));
        Assert.Empty(file.Names);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void NamesFollowTheDataNotTheHeader()
    {
        using var file = SafetensorsFile.Open(Raw(
            """{"late":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"early":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 7, 9));
        using var late = file.Read("late");
        Assert.Equal(["early", "late"], file.Names);
        Assert.Equal(9, late.ToByte());
    }

    [Fact]
    public void UnknownFieldsOfATensorAndPaddingAreIgnored()
    {
        using var file = SafetensorsFile.Open(Raw("""{"x":{"dtype":"U8","note":{"a":1},"shape":[1],"data_offsets":[0,1]}}   """, 5));
        using var x = file.Read("x");
        Assert.Equal(5, x.ToByte());
    }

    [Fact]
    public void EscapedNamesAndMetadataAreDecoded()
    {
        using var file = SafetensorsFile.Open(Raw(
            """{"__metadata__":{"k\n":"\u00e9"},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 5));
        Assert.Equal(["a"], file.Names);
        Assert.Equal("é", file.Metadata["k\n"]);
    }

    [Fact]
    public void AMissingNameIsAnsweredWithTheNearest()
    {
        const string One = """{"dtype":"U8","shape":[1],"data_offsets":[""";
        using var file = SafetensorsFile.Open(Raw(
            $$$"""{"blocks.0.weight":{{{One}}}0,1]},"blocks.0.bias":{{{One}}}1,2]}}""", 1, 2));
        var error = Assert.Throws<CheckpointException>(() => file.Read("block.0.weigth"));
        Assert.Equal("block.0.weigth", error.TensorName);
        Assert.Equal(file.FilePath, error.File);
        Assert.Contains("'blocks.0.weight'", error.Message);
        Assert.Contains(file.FilePath, error.Message);
    }

    [Fact]
    public void TruthValuesOtherThanZeroAndOneAreRejected()
    {
        using var file = SafetensorsFile.Open(Raw("""{"m":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}""", 0, 1, 7));
        var error = Assert.Throws<CheckpointException>(() => file.Read("m"));
        Assert.Equal("m", error.TensorName);
        Assert.Contains("byte 7", error.Message);
    }
}
