using Acceleration.Models;
using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Models that leave sides open, split: their parts take what the whole takes.</summary>
public sealed class OnnxSidesTests : OnnxTest
{
    private const string Dit = "fashion-dit";
    private const string UNet = "fashion-unet";

    [Theory]
    [InlineData(Dit)]
    [InlineData(UNet)]
    public void PartsTakeTheSizesOfTheWhole(string name)
    {
        using var whole = OnnxDenoiser.Load(Folder(name));
        var found = OnnxSplitter.Split(Folder(name), At("split"));
        using var split = OnnxDenoiser.Load(found.Manifest);
        Assert.Null(found.OneSize);
        Assert.False(split.Info.IsFixedSize);

        // Two of them have as many tokens in another arrangement: what a part makes of it is told by numbers alone. The usual size comes again at the end.
        foreach (var (high, wide) in new[] { (32, 32), (16, 16), (16, 32), (32, 16), (8, 40), (32, 32) })
        {
            foreach (var call in Enumerable.Range(0, 2))
            {
                var off = Difference(split, whole, high, wide);
                Assert.True(off < 1e-6, $"{high} x {wide}, call {call}: {off}");
            }
        }
    }

    [Theory]
    [InlineData(Dit)]
    [InlineData(UNet)]
    public void EverySiteKeepsTheRulesAtAnotherSize(string name)
    {
        using var split = OnnxDenoiser.Load(OnnxSplitter.Split(Folder(name), At("split")).Manifest);
        using var condition = Conditioning.Labels(3, 7, 1);
        NetworkCheck.Run(split, 3, [1, 16, 16], condition).ThrowIfFailed();
    }

    /// <summary>Which terms a cost has is found by how work differs between probing calls; the network of Acceleration.Models says it by hand.</summary>
    [Theory]
    [InlineData(Dit, 0.02)]
    [InlineData(UNet, 0.02)]
    public void PartsCostWhatTheNetworkSaysAtAnySize(string name, double within)
    {
        using var split = OnnxDenoiser.Load(OnnxSplitter.Split(Folder(name), At("split")).Manifest);
        using var torch = Checkpointed(name);
        foreach (var tokens in new[] { 64L, 256, 1024 })
        {
            Assert.Equal(1, split.Info.Sites.Network.Cost.MultiplyAdds(tokens) / torch.Info.Sites.Network.Cost.MultiplyAdds(tokens), within);
        }
    }

    /// <summary>Changes of resolution and what skips blocks or cuts, together, as on the network of Acceleration.Models.</summary>
    [Theory]
    [InlineData(Dit)]
    [InlineData(UNet)]
    public void StagesOfOtherSizesRunWithStrategiesOnParts(string name)
    {
        using var split = OnnxDenoiser.Load(OnnxSplitter.Split(Folder(name), At("split")).Manifest);
        using var torch = Checkpointed(name);
        IStrategy strategy = name == Dit ? new DeltaDiT(2, 6, 4) : new DeepCache(3);
        var (pixels, trace) = Sample(split, strategy);
        var (expected, plain) = Sample(torch, strategy);
        Assert.Equal(expected.Length, pixels.Length);
        Assert.InRange(pixels.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-3);
        Assert.Equal(plain.ArithmeticGain!.Value, trace.ArithmeticGain!.Value, 0.05);
        Assert.True(trace.ArithmeticGain > Sample(split, null).Trace.ArithmeticGain + 0.2, $"{trace.ArithmeticGain}");

        static (float[] Pixels, Trace Trace) Sample(IDenoiser network, IStrategy? strategy)
        {
            var stages = Sampler.For(network).Bottleneck([new(1, 4), new(0.5, 8, 0.8), new(1, 6, 0.5)]).Guidance(2);
            using var condition = Conditioning.Labels(3, 7);
            using var result = (strategy is null ? stages : stages.Use(strategy)).Build().Generate(new SamplingRequest { Condition = condition, Seed = 1 });
            return (result.Latents.data<float>().ToArray(), result.Trace);
        }
    }

    /// <summary>Exporters read sides by an index, by a slice, or by a shape that begins behind the rows.</summary>
    [Theory]
    [InlineData("Slice")]
    [InlineData("Shape")]
    public void SidesMayBeReadInAnyOfTheUsualWays(string way)
    {
        var replaced = 0;
        Changed(graph =>
        {
            var shapes = graph.Node.Where(n => n.OpType == "Shape").ToDictionary(n => n.Output[0]);
            var constants = graph.Node.Where(n => n.OpType == "Constant").ToDictionary(n => n.Output[0], n => n.Attribute[0].T);
            foreach (var node in graph.Node.Where(n => n.OpType == "Gather" && shapes.ContainsKey(n.Input[0]) && constants[n.Input[1]] is { RawData.Length: 8, DataType: 7 }).ToArray())
            {
                var at = BitConverter.ToInt64(constants[node.Input[1]].RawData.Span);
                if (at < 0)
                {
                    continue;
                }

                var name = $"side-{replaced++}";
                graph.Node.Add(Numbers($"{name}-from", at));
                graph.Node.Add(Numbers($"{name}-to", at + 1));
                graph.Node.Add(Numbers($"{name}-axis", 0));
                var part = way == "Slice"
                    ? new NodeProto { OpType = "Slice", Input = { node.Input[0], $"{name}-from", $"{name}-to", $"{name}-axis" } }
                    : new NodeProto { OpType = "Shape", Input = { shapes[node.Input[0]].Input[0] }, Attribute = { new AttributeProto { Name = "start", I = at, Type = 2 }, new AttributeProto { Name = "end", I = at + 1, Type = 2 } } };
                part.Output.Add(name);
                graph.Node.Add(part);
                graph.Node.Add(new NodeProto { OpType = "Squeeze", Input = { name, $"{name}-axis" }, Output = { node.Output[0] } });
                graph.Node.Remove(node);
            }
        });
        Assert.True(replaced > 40, $"{replaced}");

        var found = OnnxSplitter.Split(At("model"), At("split"));
        Assert.Null(found.OneSize);
        Assert.Equal((8, 16), (found.Blocks, found.Parts));
        using var whole = OnnxDenoiser.Load(Folder(Dit));
        using var split = OnnxDenoiser.Load(found.Manifest);
        foreach (var (high, wide) in new[] { (32, 32), (16, 32), (32, 16) })
        {
            Assert.InRange(Difference(split, whole, high, wide), 0, 1e-6);
        }

        static NodeProto Numbers(string name, long value) => new()
        {
            OpType = "Constant",
            Output = { name },
            Attribute = { new AttributeProto { Name = "value", Type = 4, T = new() { DataType = 7, Dims = { 1 }, Int64Data = { value } } } },
        };
    }

    /// <summary>With a table of learned positions for the usual size the model takes no other, whatever its inputs say; its parts are of one size, and say why.</summary>
    [Fact]
    public void PartsThatCannotTakeOtherSizesStayAtTheUsualOne()
    {
        Changed(graph =>
        {
            var stream = graph.Node.First(n => n.OpType == "LayerNormalization").Input[0];
            var table = new TensorProto { Name = "learned_positions", DataType = 1, Dims = { 1, 256, 192 }, RawData = ByteString.CopyFrom(new byte[256 * 192 * sizeof(float)]) };
            graph.Initializer.Add(table);
            foreach (var node in graph.Node.Where(n => n.Input.Contains(stream)))
            {
                for (var i = 0; i < node.Input.Count; i++)
                {
                    node.Input[i] = node.Input[i] == stream ? "placed" : node.Input[i];
                }
            }

            graph.Node.Add(new NodeProto { OpType = "Add", Input = { stream, table.Name }, Output = { "placed" } });
        });

        var found = OnnxSplitter.Split(At("model"), At("split"));
        using var split = OnnxDenoiser.Load(found.Manifest);
        Assert.Equal(8, found.Blocks);
        Assert.NotNull(found.OneSize);
        Assert.True(split.Info.IsFixedSize);
        using var latents = zeros(3, 1, 16, 16);
        using var time = full(3, 500f);
        using var condition = Conditioning.Labels(3, 7, 1);
        Assert.Contains("[1, 32, 32]", Assert.Throws<ArgumentException>(() => split.Predict(latents, time, condition, Evaluation.Plain(3))).Message);
        Assert.Contains("fixed size", Assert.Throws<ArgumentException>(() => Sampler.For(split).Bottleneck([new(1, 2), new(0.5, 4, 0.8), new(1, 2, 0.5)]).Build()).Message);
    }

    /// <summary>Writes the DiT with another graph into a folder of the test's, the checkpoint beside it.</summary>
    private void Changed(Action<GraphProto> change)
    {
        Directory.CreateDirectory(At("model"));
        foreach (var file in Directory.EnumerateFiles(Folder(Dit)))
        {
            File.Copy(file, Path.Combine(At("model"), Path.GetFileName(file)));
        }

        var model = ModelReader.Read(At("model/model.onnx"));
        change(model.Graph);
        File.WriteAllBytes(At("model/model.onnx"), model.ToByteArray());
    }

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", name);

    private static IDenoiser Checkpointed(string name) => Acceleration.Models.Networks.Load(Path.Combine(Folder(name), $"{name}.safetensors"), new NetworkOptions { DType = ScalarType.Float32 });

    private static double Difference(IDenoiser a, IDenoiser b, int high, int wide)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var condition = Conditioning.Labels(3, 7, 1);
        var (latents, time) = (randn(3, 1, high, wide), tensor(new[] { 20f, 500f, 900f }));
        var expected = b.Predict(latents, time, condition, Evaluation.Plain(3));
        return ((a.Predict(latents, time, condition, Evaluation.Plain(3)) - expected).abs().max() / expected.abs().max()).item<float>();
    }
}
