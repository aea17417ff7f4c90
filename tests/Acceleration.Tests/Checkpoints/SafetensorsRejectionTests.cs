using System.Text;

namespace Acceleration.Tests.Checkpoints;

public sealed class SafetensorsRejectionTests : CheckpointTest
{
    private const string Valid =
        """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}""";

    private static readonly byte[] Data = new byte[10];

    // What is replaced in the valid header, by what, the tensor at fault and a part of the reason.
    public static TheoryData<string, string, string?, string> BrokenHeaders() => new()
    {
        { Valid, "", null, "begins with '{'" },
        { Valid, " " + Valid, null, "begins with '{'" },
        { Valid, "[]", null, "begins with '{'" },
        { Valid, "null", null, "begins with '{'" },
        { Valid, "{", null, "not valid JSON" },
        { Valid, Valid + "{}", null, "not valid JSON" },
        { Valid, Valid + "\0", null, "not valid JSON" },
        { "}}", "},}", null, "not valid JSON" },
        { "\"b\":", "b:", null, "not valid JSON" },
        { "\"b\":", "\"\\ud800\":", null, "invalid string" },
        { "\"b\":{", "\"b\":{\"n\":[[[1]]],", "b", "not valid JSON" },
        { "\"b\":", "\"a\":", "a", "names this tensor twice" },
        { "\"b\":", "\"\\u0061\":", "a", "names this tensor twice" },
        { "\"b\":{", "\"__metadata__\":{", null, "two metadata objects" },
        { "{\"k\":\"v\"}", "{\"k\":\"v\",\"k\":\"w\"}", null, "names 'k' twice" },
        { "\"v\"", "1", null, "must be a string" },
        { "\"v\"", "null", null, "must be a string" },
        { "\"v\"", "{}", null, "must be a string" },
        { "{\"k\":\"v\"}", "[]", null, "must be an object of strings" },
        { "{\"k\":\"v\"}", "null", null, "must be an object of strings" },
        { "{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[8,10]}", "[8,10]", "b", "must be an object" },
        { "\"dtype\":\"U8\",", "", "b", "no 'dtype'" },
        { "\"shape\":[2],", "", "b", "no 'shape'" },
        { ",\"data_offsets\":[8,10]", "", "b", "no 'data_offsets'" },
        { "\"shape\":[2],", "\"shape\":[2],\"shape\":[2],", "b", "'shape' twice" },
        { "\"dtype\":\"U8\"", "\"dtype\":\"U8\",\"dtype\":\"U8\"", "b", "'dtype' twice" },
        { "\"U8\"", "\"U7\"", "b", "'U7' is not supported" },
        { "\"U8\"", "\"F8_E4M3\"", "b", "'F8_E4M3' is not supported" },
        { "\"U8\"", "\"u8\"", "b", "'u8' is not supported" },
        { "\"U8\"", "8", "b", "dtype must be a string" },
        { "\"shape\":[2]", "\"shape\":2", "b", "list of integers" },
        { "\"shape\":[2]", "\"shape\":[-2]", "b", "integers from 0" },
        { "\"shape\":[2]", "\"shape\":[2.0]", "b", "integers from 0" },
        { "\"shape\":[2]", "\"shape\":[2e0]", "b", "integers from 0" },
        { "\"shape\":[2]", "\"shape\":[\"2\"]", "b", "integers from 0" },
        { "\"shape\":[2]", "\"shape\":[[2]]", "b", "integers from 0" },
        { "\"shape\":[2]", "\"shape\":[9223372036854775808]", "b", "integers from 0" },
        { "\"shape\":[2,1]", "\"shape\":[9223372036854775807,2]", "a", "overflows" },
        { "\"shape\":[2,1]", "\"shape\":[4611686018427387904]", "a", "overflows" },
        { "\"shape\":[2]", "\"shape\":[4294967296,0,4294967296]", "b", "overflows" },
        { "\"shape\":[2]", "\"shape\":[2" + string.Concat(Enumerable.Repeat(",1", 64)) + "]", "b", "more than 64" },
        { "\"shape\":[2]", "\"shape\":[3]", "b", "needs 3" },
        { "\"shape\":[2]", "\"shape\":[]", "b", "needs 1" },
        { "\"shape\":[2]", "\"shape\":[0]", "b", "needs 0" },
        { "\"F32\"", "\"F16\"", "a", "needs 4" },
        { "[8,10]", "[8]", "b", "begin and end" },
        { "[8,10]", "[8,10,12]", "b", "more than 2" },
        { "[8,10]", "[10,8]", "b", "ascending" },
        { "[8,10]", "[9,11]", "b", "inside the 10 bytes" },
        { "[8,10]", "[9223372036854775806,9223372036854775807]", "b", "inside the 10 bytes" },
        { "[8,10]", "[-1,1]", "b", "integers from 0" },
        { "[8,10]", "[18446744073709551608,2]", "b", "integers from 0" },
        { "[8,10]", "[7,9]", "b", "overlaps" },
        { "[8,10]", "[0,2]", "a", "overlaps" },
        { "\"shape\":[2],\"data_offsets\":[8,10]", "\"shape\":[1],\"data_offsets\":[9,10]", "b", "gap" },
        { "\"shape\":[2],\"data_offsets\":[8,10]", "\"shape\":[1],\"data_offsets\":[8,9]", null, "1 trailing bytes" },
        { ",\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[8,10]}", "", null, "2 trailing bytes" },
    };

    [Theory]
    [MemberData(nameof(BrokenHeaders))]
    public void ABrokenHeaderIsRejectedWithTheTensorAndTheReason(string valid, string broken, string? tensor, string reason)
    {
        Assert.Contains(valid, Valid);
        Rejected(Raw(Valid.Replace(valid, broken), Data), tensor, reason);
    }

    [Fact]
    public void TheHeaderThatTheOthersBreakIsValid()
    {
        using var file = SafetensorsFile.Open(Raw(Valid, Data));
        Assert.Equal(["a", "b"], file.Names);
    }

    [Theory]
    [InlineData(new byte[0], "0 bytes")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0 }, "7 bytes")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "beyond the end")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "begins with '{'")]
    [InlineData(new byte[] { 1, 225, 245, 5, 0, 0, 0, 0 }, "limit of 100000000")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "limit of 100000000")]
    [InlineData(new byte[] { 0, 225, 245, 5, 0, 0, 0, 0 }, "beyond the end")]
    public void ABrokenFrameIsRejected(byte[] bytes, string reason) => Rejected(Save("frame.safetensors", bytes), null, reason);

    [Theory]
    [InlineData("\"v\"", null)]
    [InlineData("\"b\":{", "\"b\":{\"ignored\":\"?\",")]
    public void InvalidUtf8IsRejectedEvenWhereNothingIsRead(string place, string? replacement)
    {
        var text = Valid.Replace(place, replacement ?? "\"?\"");
        var json = Encoding.UTF8.GetBytes(text);
        json[text.IndexOf('?')] = 0xff;
        Rejected(Raw(json, Data), null, "not valid UTF-8");
    }

    [Fact]
    public void WhatIsNotAFileIsRejected()
    {
        Directory.CreateDirectory(PathOf("folder"));
        Rejected(PathOf("folder"), null, "directory");
        Rejected(PathOf("absent.safetensors"), null, "does not exist");
        Rejected(PathOf("absent/absent.safetensors"), null, "does not exist");
    }

    [Fact]
    public void EveryTruncationIsRejected()
    {
        var whole = File.ReadAllBytes(Raw(Valid, Data));
        for (var length = 0; length < whole.Length; length++)
        {
            Rejected(Save("cut.safetensors", whole[..length]), tensor: null, reason: "", anyTensor: true);
        }
    }

    [Fact]
    public void AnyDamagedHeaderIsEitherRejectedOrFullyReadable()
    {
        var whole = File.ReadAllBytes(Raw(Valid, Data));
        var random = new Random(1);
        string[] splices = ["0", "9", "-", "\"", "{", "}", "[", "]", ",", ":", "\\", "1e9", "null", "99999999999", "\u00ff"];
        int rejected = 0, readable = 0;
        for (var round = 0; round < 3000; round++)
        {
            var at = random.Next(whole.Length - Data.Length);
            var splice = Encoding.Latin1.GetBytes(splices[random.Next(splices.Length)]);
            var damaged = (byte[])[.. whole[..at], .. splice, .. whole[Math.Min(whole.Length, at + random.Next(3))..]];
            if (at >= 8)
            {
                BitConverter.TryWriteBytes(damaged, (long)(damaged.Length - Data.Length - 8));
            }

            try
            {
                using var file = SafetensorsFile.Open(Save("damaged.safetensors", damaged));
                foreach (var name in file.Names)
                {
                    using var tensor = file.Read(name);
                    Assert.Equal(file.Tensors[name].Bytes, tensor.bytes.Length);
                }

                readable++;
            }
            catch (CheckpointException)
            {
                rejected++;
            }
        }

        Assert.InRange(rejected, 1000, 2999);
        Assert.InRange(readable, 1, 2000);
    }

    [Fact]
    public void DeepNestingAndManyNamesAreBounded()
    {
        Rejected(Raw("{\"x\":" + new string('[', 1_000_000), []), "x", "must be an object");
        Rejected(Raw("{\"x\":{\"n\":" + new string('[', 1_000_000), []), "x", "not valid JSON");
        Rejected(Raw("{\"x\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(',', Enumerable.Repeat('1', 1_000_000)), []), "x", "more than 64");
        var longName = new string('n', 1_000_000);
        var error = Rejected(Raw($$"""{"{{longName}}":1}""", []), longName, "must be an object");
        Assert.True(error.Message.Length < 500);
    }

    private static CheckpointException Rejected(string path, string? tensor, string reason, bool anyTensor = false)
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Equal(path, error.File);
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
        if (!anyTensor)
        {
            Assert.Equal(tensor, error.TensorName);
        }

        return error;
    }
}
