using System.Runtime.InteropServices;
using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary><see cref="DenoiserInfo.Weights"/> of ONNX models: the same wherever weights lie, another where they are others.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxFingerprintTests(OnnxSplits splits) : OnnxTest
{
    public static TheoryData<string> Kinds => OnnxModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AModelHasTheSameWholeAndSplit(string kind)
    {
        using var model = OnnxModel.Of(kind);
        var whole = Weights(model.Folder);
        Assert.Matches("^[0-9a-f]{12}$", whole);
        Assert.Equal(whole, Weights(splits.Of(kind)));
    }

    [Fact]
    public void ModelsDiffer() => Assert.Equal(4, new[] { OnnxModel.Dit, OnnxModel.UNet, OnnxModel.Sd3, OnnxModel.Flux }.Select(k => Weights(splits.Of(k))).Distinct().Count());

    /// <summary>All that is found of weights without reading them is what the format's own reader reads.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryWeightIsFound(string kind)
    {
        using var model = OnnxModel.Of(kind);
        var read = ModelReader.Read(model.File).Graph.Initializer;
        var found = StoredWeights.Of(model.File).Where(w => read.Any(i => i.Name == w.Name)).ToArray();
        Assert.Equal(read.Select(i => $"{i.Name} {i.DataType} [{string.Join(',', i.Dims)}]"), found.Select(w => $"{w.Name} {w.Form}"));
        var bytes = File.ReadAllBytes(model.File);
        Assert.All(read.Zip(found).Where(p => p.First.RawData.Length > 0), p => Assert.True(p.First.RawData.Span.SequenceEqual(bytes.AsSpan((int)p.Second.Begin, (int)p.Second.Bytes!.Value)), p.First.Name));
    }

    [Fact]
    public void WeightsInAFileOfTheirOwnAreTheSameOnes()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("outside"), m =>
        {
            using var externals = new Externals(At("outside/model.onnx"), At("outside"));
            externals.Move(m.Graph);
        });
        Assert.Equal(Weights(splits.Dit), Weights(At("outside")));

        // The file is written anew, and the model's stays as it is; parts would only have a second name of it.
        Turn(At("outside/weights.bin"));
        Assert.NotEqual(Weights(splits.Dit), Weights(At("outside")));
    }

    [Fact]
    public void OneWeightMakesAnother()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("other"), m =>
        {
            var weight = m.Graph.Initializer.MaxBy(i => i.RawData.Length)!;
            var bytes = weight.RawData.ToByteArray();
            bytes[bytes.Length / 2] ^= 1;
            weight.RawData = ByteString.CopyFrom(bytes);
        });
        Assert.NotEqual(Weights(splits.Dit), Weights(At("other")));
        OnnxSplitter.Split(At("other"), At("parts"));
        Assert.Equal(Weights(At("other")), Weights(At("parts")));
        Turn(At("parts/weights.bin"));
        Assert.NotEqual(Weights(At("other")), Weights(At("parts")));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(16, false)]
    public void TensorsOfNodesCountWhereTheyAreLarge(int numbers, bool counts)
    {
        string[] found = [.. new[] { 1f, 2f }.Select(value => WeightsFingerprint.Of(Constant(value)) ?? "")];
        Assert.Equal(counts, found[0] != found[1]);

        string Constant(float value)
        {
            var node = TinyGraph.Node("Constant", "factor");
            var factor = new TensorProto { DataType = TinyGraph.Float, Dims = { numbers }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(value, numbers)])) };
            node.Attribute.Add(new AttributeProto { Name = "value", T = factor, Type = 4 });
            var path = At($"{numbers}-{value}.onnx");
            File.WriteAllBytes(path, TinyGraph.Of([TinyGraph.Input("sample", TinyGraph.Float, "rows", numbers)], node, TinyGraph.Node("Mul", "output", "sample", "factor")).ToByteArray());
            return path;
        }
    }

    /// <summary>ONNX Runtime loads files of another format, too; of damaged ones nothing is claimed, however they are damaged.</summary>
    [Fact]
    public void OfWhatIsNoGraphNothingIsSaid()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        var bytes = File.ReadAllBytes(model.File);
        foreach (var length in new[] { 1, 7, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(At("cut.onnx"), bytes[..length]);
            Assert.Null(WeightsFingerprint.Of(At("cut.onnx")));
        }

        File.WriteAllText(At("letter.onnx"), "this is a letter");
        Assert.Null(WeightsFingerprint.Of(At("letter.onnx")));
        File.WriteAllBytes(At("empty.onnx"), TinyGraph.Of([TinyGraph.Input("sample", TinyGraph.Float, "rows", 4)], TinyGraph.Node("Neg", "output", "sample")).ToByteArray());
        Assert.Null(WeightsFingerprint.Of(At("empty.onnx")));
    }

    /// <summary>Whether a model may be without them is for ONNX Runtime to say.</summary>
    [Theory]
    [InlineData("missing.bin", "0", "64")]
    [InlineData("model.onnx", "9223372036854775807", "9223372036854775807")]
    [InlineData("\0", "0", "64")]
    [InlineData(".", "0", null)]
    public void AWeightWhoseNumbersAreNotThereCountsByItsName(string location, string offset, string? length)
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
        {
            var weight = new TensorProto { Name = "unread", DataType = TinyGraph.Float, Dims = { 16 }, DataLocation = 1 };
            weight.ExternalData.Add([new StringStringEntryProto { Key = "location", Value = location }, new StringStringEntryProto { Key = "offset", Value = offset }]);
            if (length is not null)
            {
                weight.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
            }

            m.Graph.Initializer.Add(weight);
        });
        var found = WeightsFingerprint.Of(At("model/model.onnx"));
        Assert.Matches("^[0-9a-f]{12}$", found);
        Assert.NotEqual(Weights(splits.Dit), found);
    }

    [Fact]
    public void PlansAndSavedSessionsAreRefusedOnOtherWeights()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("other"), m =>
        {
            foreach (var weight in m.Graph.Initializer.Where(i => i.DataType == TinyGraph.Float && i.RawData.Length > 0))
            {
                weight.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([.. MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray().Select(v => v * 1.01f)]));
            }
        });
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var made = OnnxDenoiser.Load(model.Folder);
        using var other = OnnxDenoiser.Load(At("other"));
        var sampler = Sampler.For(made).Ddim(4).Use(new EasyCache(1)).Build();
        var plan = sampler.ToPlan() with { Calibration = Calibration.Of(sampler) };
        Assert.Equal(plan, Sampler.For(made).Plan(plan).Build().ToPlan());
        Assert.Equal([$"network {made.Info.Fingerprint}, here {other.Info.Fingerprint}"], Assert.Throws<CalibrationException>(Sampler.For(other).Plan(plan).Build).Differences);

        using var condition = Conditioning.Labels(1);
        using (var session = sampler.Start(new() { Condition = condition, Seed = 1 }))
        {
            session.Advance(TestContext.Current.CancellationToken);
            session.Save(At("session.safetensors"));
        }

        SamplingSession.Load(sampler, At("session.safetensors")).Dispose();
        var refused = Record.Exception(() => SamplingSession.Load(Sampler.For(other).Ddim(4).Use(new EasyCache(1)).Build(), At("session.safetensors")).Dispose());
        Assert.Contains($"network {made.Info.Fingerprint}, here {other.Info.Fingerprint}", refused?.Message, StringComparison.Ordinal);
    }

    private static string? Weights(string path)
    {
        using var network = OnnxDenoiser.Load(path);
        return network.Info.Weights;
    }

    private static void Turn(string file)
    {
        var bytes = File.ReadAllBytes(file);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
        }

        File.WriteAllBytes(file, bytes);
    }
}
