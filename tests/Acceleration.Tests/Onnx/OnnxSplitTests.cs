using System.Text.Json.Nodes;
using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

public sealed class OnnxSplitTests : OnnxTest
{
    [Theory]
    [InlineData(OnnxModel.Dit, 4, 8, 0)]
    [InlineData(OnnxModel.Sd3, 3, 6, 0)]
    [InlineData(OnnxModel.Flux, 5, 4, 0)]
    [InlineData(OnnxModel.UNet, 0, 0, 6)]
    public void BlocksPartsAndCutsAreFound(string kind, int blocks, int parts, int cuts)
    {
        using var model = OnnxModel.Of(kind);
        var found = OnnxSplitter.Split(model.Folder, At("split"));
        Assert.Equal((blocks, parts, cuts), (found.Blocks, found.Parts, found.Cuts));
        Assert.InRange(found.Inside / found.MultiplyAdds, 0.85, 0.999);
    }

    [Fact]
    public void NamesAreNotNeeded()
    {
        OnnxModel.Changed(OnnxModel.Sd3, At("model"), model =>
        {
            // Everything but inputs and outputs is called by a number, and nodes stand in another order.
            var kept = model.Graph.Input.Concat(model.Graph.Output).Select(v => v.Name).Append("").ToHashSet();
            var names = new Dictionary<string, string>();
            string Other(string name) => kept.Contains(name) ? name : names.TryGetValue(name, out var known) ? known : names[name] = $"v{names.Count}";
            foreach (var node in model.Graph.Node)
            {
                node.Name = "";
                for (var i = 0; i < node.Input.Count; i++)
                {
                    node.Input[i] = Other(node.Input[i]);
                }

                for (var i = 0; i < node.Output.Count; i++)
                {
                    node.Output[i] = Other(node.Output[i]);
                }
            }

            foreach (var weight in model.Graph.Initializer)
            {
                weight.Name = Other(weight.Name);
            }

            var constants = model.Graph.Node.Where(n => n.OpType == "Constant").Reverse().ToArray();
            var rest = model.Graph.Node.Where(n => n.OpType != "Constant").ToArray();
            model.Graph.Node.Clear();
            model.Graph.Node.AddRange([.. constants, .. rest]);
        });
        Assert.Equal((3, 6), OnnxSplitter.Split(At("model"), At("split")) is var found ? (found.Blocks, found.Parts) : default);
    }

    [Theory]
    [InlineData(OnnxModel.Dit)]
    [InlineData(OnnxModel.UNet)]
    public void WeightsLieOnDiskAndInMemoryOnce(string kind)
    {
        using var model = OnnxModel.Of(kind);
        var whole = ModelReader.Read(model.File).Graph.Initializer.ToDictionary(i => i.Name, i => i.RawData.Length);
        var folder = Split(kind);
        var used = Directory.EnumerateFiles(folder, "*.onnx").SelectMany(f => ModelReader.Read(f).Graph.Initializer).Select(i => i.Name).ToArray();
        Assert.Equal(used.Distinct().Order(), used.Order());
        Assert.Equal(whole.Keys.Order(), used.Order());
        var graphs = Directory.EnumerateFiles(folder, "*.onnx").Sum(f => new FileInfo(f).Length);
        Assert.True(new FileInfo(Path.Combine(folder, "weights.bin")).Length >= whole.Values.Where(l => l >= 1024).Sum());
        Assert.True(graphs < new FileInfo(model.File).Length, $"{graphs} bytes of graphs");
    }

    [Fact]
    public void WhoAsksAWholeModelForBlocksIsToldToSplitIt()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(model.Folder);
        var refused = Assert.Throws<StrategyConflictException>(() => Sampler.For(network).Ddim(4).Use(new DeltaDiT(1, 1, 2)).Build());
        Assert.Contains("has no such site. Its sites: prediction, network. Blocks and cuts of an ONNX model are sites once it is split", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksAreSkippedByStrategiesOnBlocks()
    {
        using var network = OnnxDenoiser.Load(Split(OnnxModel.Dit));
        IStrategy[] strategies = [new DeltaDiT(2, 2, 4), new FirstBlockCache(0.5), new Fora(2), new TaylorSeer(2), new Cached(Where.Blocks, new Interval(2), How.LastResidual), new Cached(Where.Attention, new Interval(2), How.LastValue)];
        foreach (var strategy in strategies)
        {
            var trace = Sample(network, b => b.Use(strategy)).Trace;
            Assert.True(trace.ArithmeticGain > 1.05, $"{strategy.Tag}: {trace.ArithmeticGain}");
        }
    }

    [Fact]
    public void CutsAreSkippedByDeepCache()
    {
        using var network = OnnxDenoiser.Load(Split(OnnxModel.UNet));
        var speedups = new[] { 0, 1, 3, 5 }.Select(cut => Sample(network, b => b.Use(new DeepCache(2, cut))).Trace.ArithmeticGain!.Value).ToArray();
        Assert.Equal(speedups.OrderDescending(), speedups);
        Assert.True(speedups[0] > 1.5);
    }

    /// <summary>What lies between two strategies is one graph: with none there is one, and a part is by itself where a strategy works at it.</summary>
    [Fact]
    public void ThereAreAsFewGraphsAsStrategiesAllow()
    {
        Assert.Equal(["whole"], Graphs(OnnxModel.Dit, new EasyCache(0.05)));
        Assert.Equal(["blocks-0-0", "blocks-1-3", "prelude.onnx", "tail.onnx"], Graphs(OnnxModel.Dit, new FirstBlockCache(0.5)));
        Assert.Equal(10, Graphs(OnnxModel.Dit, new Fora(2)).Length);
        Assert.Equal(["cut-0", "prelude.onnx", "up-0-out"], Graphs(OnnxModel.UNet, new DeepCache(2, 0)));
        Assert.Equal(["cut-3", "down-0-3", "prelude.onnx", "up-3-out"], Graphs(OnnxModel.UNet, new DeepCache(2, 3)));

        string[] Graphs(string kind, IStrategy strategy)
        {
            using var network = OnnxDenoiser.Load(Split(kind));
            Sample(network, b => b.Use(strategy));
            return [.. network.Graphs.Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [InlineData(OnnxModel.Dit)]
    [InlineData(OnnxModel.UNet)]
    public void NeutralSettingsChangeNoBit(string kind)
    {
        using var network = OnnxDenoiser.Load(Split(kind));
        var plain = Sample(network, b => b);
        foreach (var strategy in kind == OnnxModel.UNet ? new IStrategy[] { new DeepCache(1), new EasyCache(0) } : [new Fora(1), new DeltaDiT(1, 2, 4), new EasyCache(0)])
        {
            Assert.Equal(plain.Values, Sample(network, b => b.Use(strategy)).Values);
        }
    }

    [Fact]
    public void AnUntoldFolderIsKept()
    {
        Directory.CreateDirectory(At("mine"));
        File.WriteAllText(At("mine/letter.txt"), "");
        using var model = OnnxModel.Of(OnnxModel.Dit);
        Assert.Contains("holds other things", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(model.Folder, At("mine"))).Message);
        Assert.Contains("a folder of their own", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(model.Folder, model.Folder)).Message);
        Assert.True(File.Exists(At("mine/letter.txt")));
    }

    [Fact]
    public void WhatCannotBeSplitSaysSoAndLeavesNothing()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), model =>
        {
            // From the embedding straight to the output's layers: no block is left.
            var graph = model.Graph;
            var sums = graph.Node.Where(n => n.OpType == "Add" && n.Output[0].StartsWith("/blocks", StringComparison.Ordinal)).Select(n => n.Output[0]).ToArray();
            foreach (var node in graph.Node.Where(n => n.Input.Contains(sums[^1])))
            {
                node.Input[node.Input.IndexOf(sums[^1])] = "/Add_output_0";
            }
        });
        Assert.Contains("cannot be split", Assert.Throws<OnnxException>(() => OnnxSplitter.Split(At("model"), At("split"))).Message);
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(At(".")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("format", "7", "this version reads 3")]
    [InlineData("tail", "null", "no manifest")]
    [InlineData("other", "1", "no manifest")]
    public void AManifestThatIsNoneIsRefused(string key, string value, string reason)
    {
        var file = Path.Combine(Split(OnnxModel.Dit), "split.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains(reason, Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(file)).Message);
    }

    [Fact]
    public void AManifestNamesNothingOutsideOfItsFolder()
    {
        var file = Path.Combine(Split(OnnxModel.Dit), "split.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"tail.onnx\"", "\"../tail.onnx\"", StringComparison.Ordinal));
        Assert.Contains("must lie beside it", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(file)).Message);
    }

    private static (float[] Values, Trace Trace) Sample(IDenoiser network, Func<SamplerBuilder, SamplerBuilder> with)
    {
        var plain = Sampler.For(network);
        var sampler = with((network.Info.Prediction == PredictionType.Flow ? plain.FlowEuler(8) : plain.Ddim(8)).Guidance(2)).Build();
        using var condition = Conditioning.Labels(0, 3);
        using var result = sampler.Generate(new SamplingRequest { Condition = condition, Seed = 1 });
        return (result.Latents.data<float>().ToArray(), result.Trace);
    }
}
