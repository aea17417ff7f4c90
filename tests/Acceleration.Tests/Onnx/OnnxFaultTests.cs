using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

public sealed class OnnxFaultTests : OnnxTest
{
    [Fact]
    public void AMissingFileIsNamed()
    {
        Assert.Contains("does not exist", Refused(At("none.onnx")));
        Directory.CreateDirectory(At("empty"));
        Assert.Contains("no .onnx file", Refused(At("empty")));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("this is a letter", "not an ONNX model")]
    public void WhatIsNoModelIsRefused(string text, string reason)
    {
        File.WriteAllText(At("letter.onnx"), text);
        Assert.Contains(reason, Refused(At("letter.onnx")));
        Assert.NotNull(Record.Exception(() => OnnxSplitter.Split(At("letter.onnx"), At("split"))) as OnnxException);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.7)]
    [InlineData(0.999)]
    public void ATruncatedModelIsRefused(double part)
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        var bytes = File.ReadAllBytes(model.File);
        File.WriteAllBytes(At("model.onnx"), bytes[..(int)(bytes.Length * part)]);
        Assert.Contains("only a part of one", Refused(At("model.onnx")));
        Assert.Contains("only a part of one", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(At("model.onnx"), At("split"))).Message);
    }

    [Fact]
    public void RandomDamageNeverEndsTheProcess()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        var bytes = File.ReadAllBytes(model.File);
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var changed = bytes.ToArray();
            for (var k = 0; k < 20; k++)
            {
                changed[random.Next(Math.Min(changed.Length, 60_000))] = (byte)random.Next(256);
            }

            File.WriteAllBytes(At("model.onnx"), changed);
            var error = Record.Exception(() => OnnxDenoiser.Load(At("model.onnx"), new() { Prediction = PredictionType.Flow }).Dispose());
            Assert.True(error is null or OnnxException, $"{error}");
        }
    }

    [Fact]
    public void ANewerOperatorSetAndAnUnknownOperatorAreNamed()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("newer"), m => m.OpsetImport[0].Version = 999);
        Assert.Contains("operator set is newer", Refused(At("newer")));
        OnnxModel.Changed(OnnxModel.Dit, At("unknown"), m => m.Graph.Node.First(n => n.OpType == "Cos").OpType = "Cosine");
        Assert.Contains("Cosine", Refused(At("unknown")));
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    public void WeightsThatAreNotThereOrElsewhereAreRefused(string location)
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
        {
            var weight = m.Graph.Initializer.MaxBy(i => i.RawData.Length)!;
            weight.RawData = ByteString.Empty;
            weight.DataLocation = 1;
            weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        });
        Assert.Contains("a file of their own", Refused(At("model")));
        Assert.Contains(location == "weights.bin" ? "is missing" : "outside of the model's folder", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(At("model"), At("split"))).Message);
        Assert.False(Directory.Exists(At("split")));
    }

    [Fact]
    public void AProviderThatIsNotThereIsAnErrorAndNotTheProcessor()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        var error = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(model.Folder, new() { Provider = OnnxProvider.Named("NoSuch") }));
        Assert.Contains("NoSuch", error.Message);
        if (!cuda.is_available())
        {
            Assert.Contains("CUDA", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(model.Folder, new() { Provider = OnnxProvider.Cuda() })).Message);
        }
    }

    [Fact]
    public void AnInputThatIsNotRecognisedListsAll()
    {
        Rename("class_labels", "mystery", p => p.Type.TensorType.ElemType = 1);
        var message = Refused(At("model"));
        Assert.Contains("'mystery'", message);
        Assert.Contains("sample: float32 [rows, 4, 16, 16]", message);
        Assert.Contains("OnnxOptions.Inputs", message);
        Assert.Contains("'missing'", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model"), new() { Inputs = new Dictionary<string, OnnxInput> { ["missing"] = OnnxInput.Latents } })).Message);
    }

    [Fact]
    public void AnInputOfAnotherNameIsTakenByItsForm()
    {
        Rename("class_labels", "what_it_shows");
        using var network = OnnxDenoiser.Load(At("model"));
        Assert.Equal(10, network.Info.Classes);
    }

    [Fact]
    public void WhatIsSaidNowhereIsAskedFor()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        File.Copy(model.File, At("model.onnx"));
        Assert.Contains("OnnxOptions.Prediction", Refused(At("model.onnx")));
        Assert.Contains("OnnxOptions.Noise", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model.onnx"), new() { Prediction = PredictionType.Epsilon })).Message);
        using var network = OnnxDenoiser.Load(At("model.onnx"), new() { Prediction = PredictionType.Flow, Classes = 10 });
        Assert.Equal([4, 16, 16], network.Info.SampleSize);
    }

    [Fact]
    public void OtherSizesThanTheExportedOneAreRefusedBeforeTheCall()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(model.Folder);
        using var latents = zeros(3, 4, 32, 32);
        Assert.Throws<ArgumentException>(() => network.Predict(latents, model.Timestep, model.Condition, Evaluation.Plain(3)));
    }

    [Fact]
    public void AFixedNumberOfRowsIsCalledAsOftenAsNeeded()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
        {
            foreach (var input in m.Graph.Input)
            {
                input.Type.TensorType.Shape.Dim[0] = new() { DimValue = 2 };
            }
        });
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(At("model"));
        using var output = model.Predict(network);
        Assert.True(model.Off(output) < 1e-4);
        Assert.Contains("dynamic rows", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(At("model"), At("split"))).Message);
    }

    [Fact]
    public void OneTimestepForAllIsCalledForEachTime()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
        {
            // A single time, expanded within the model, as exports of Stable Diffusion have it.
            var graph = m.Graph;
            var input = graph.Input.First(i => i.Name == "timestep");
            input.Type.TensorType.Shape.Dim.Clear();
            var first = graph.Node.First(n => n.Input.Contains("timestep"));
            first.Input[first.Input.IndexOf("timestep")] = "time_vector";
            graph.Initializer.Add(new TensorProto { Name = "one", DataType = 7, Dims = { 1 }, Int64Data = { 1 } });
            graph.Node.Insert(0, new NodeProto { OpType = "Reshape", Input = { "timestep", "one" }, Output = { "time_vector" } });
        });
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var times = tensor(new float[] { 500, 20, 500 });
        using var whole = OnnxDenoiser.Load(model.Folder);
        using var network = OnnxDenoiser.Load(At("model"));
        using var output = network.Predict(model.Latents, times, model.Condition, Evaluation.Plain(3));
        using var expected = whole.Predict(model.Latents, times, model.Condition, Evaluation.Plain(3));
        using var scope = NewDisposeScope();
        Assert.True((output - expected).abs().max().item<float>() < 1e-4);
    }

    private void Rename(string from, string to, Action<ValueInfoProto>? also = null) => OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
    {
        var input = m.Graph.Input.First(i => i.Name == from);
        input.Name = to;
        also?.Invoke(input);
        foreach (var node in m.Graph.Node.Where(n => n.Input.Contains(from)))
        {
            node.Input[node.Input.IndexOf(from)] = to;
        }

        if (also is not null)
        {
            // The table of labels is read by whole numbers.
            var reader = m.Graph.Node.First(n => n.Input.Contains(to));
            reader.Input[reader.Input.IndexOf(to)] = "whole";
            m.Graph.Node.Insert(0, new NodeProto { OpType = "Cast", Input = { to }, Output = { "whole" }, Attribute = { new AttributeProto { Name = "to", I = 7, Type = 2 } } });
        }
    });

    private static string Refused(string path) => Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(path)).Message;
}
