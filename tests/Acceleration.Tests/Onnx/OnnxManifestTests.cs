using System.Text.Json.Nodes;
using Acceleration.Onnx;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary>Manifests that lie: one <see cref="OnnxException"/> each when the model is loaded, which says what is wrong.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxManifestTests(OnnxSplits splits) : OnnxTest
{
    public static TheoryData<string, string> Edits { get; } = new()
    {
        { "chain = null", "neither a chain of blocks nor cuts" },
        { "cuts = [{\"skip\":\"a\",\"output\":\"b\",\"down\":null,\"up\":TAIL,\"channels\":1,\"keepsSize\":true}]", "has a chain of blocks and cuts" },
        { "cuts = [null]", "has a chain of blocks and cuts" },
        { "chain.blocks = []", "a chain has a block" },
        { "chain.blocks.1 = null", "each block has a branch" },
        { "chain.blocks.1.branches = []", "each block has a branch" },
        { "chain.blocks.1.branches = [null]", "each block has a branch" },
        { "chain.blocks.1.branches.0.part = null", "no manifest" },
        { "chain.blocks.1.branches.0.part.file = \"tail.onnx\"", "two of its parts are the graph 'tail.onnx'" },
        { "chain.blocks.1.branches.0.part.file = \"..\"", "the graph '..' must lie beside it" },
        { "chain.blocks.1.branches.0.part.file = \"a\\\\b\"", "must lie beside it" },
        { "chain.blocks.1.branches.0.part.file = \"\"", "the graph '' must lie beside it" },
        { "chain.blocks.1.branches.0.part.file = \"none.onnx\"", "none.onnx': the file does not exist" },
        { "chain.blocks.1.branches.0.part.inputs = []", "reads 0 values, where 1 of the stream come first" },
        { "chain.blocks.1.branches.0.part.inputs = [null]", "has no name" },
        { "chain.blocks.1.branches.0.part.inputs = [\"x\", \"nowhere\"]", "reads 'nowhere', which 'prelude.onnx' does not make" },
        { "chain.blocks.1.branches.0.part.outputs = [\"x\"]", "makes 1 values, where 2 are expected" },
        { "chain.blocks.1.branches.0.part.outputs = [\"x\", \"y\", \"z\", \"w\"]", "makes 4 values, where 2 are expected" },
        { "chain.blocks.1.branches.0.part.outputs = [\"x\", \"y\"]", "where the manifest says x, y: they are of different splits" },
        { "chain.blocks.1.branches.0.kind = \"cut\"", "is of kind Cut" },
        { "chain.blocks.1.branches.0.kind = 99", "is of kind 99" },
        { "chain.blocks.1.branches.0.kind = \"wonder\"", "no manifest" },
        { "chain.blocks.1.branches.0.readsText = true", "'text' does not say which" },
        { "chain.blocks.1.branches.0.isJoint = true", "'text' does not say which" },
        { "chain.endsJoint = true", "'text' does not say which" },
        { "chain.place = 7", "'place' is 7, where before or after is expected" },
        { "chain.main = \"nowhere\"", "begins as 'nowhere', which 'prelude.onnx' does not make" },
        { "chain.main = null", "no manifest" },
        { "chain.text = \"nowhere\"", "begins as 'nowhere'" },
        { "prelude.outputs = [\"x\", \"x\"]", "makes a value twice" },
        { "prelude.outputs = []", "of 'perRow' is none that 'prelude.onnx' makes" },
        { "perRow = [\"nowhere\"]", "'nowhere' of 'perRow' is none that 'prelude.onnx' makes" },
        { "perRow = [null]", "has no name" },
        { "output = \"other\"", "where it makes the prediction 'other' and no more" },
        { "model = \"../x/model.onnx\"", "'model' is '../x/model.onnx', where the file name of the whole model is expected" },
        { "model = \"..\"", "'model' is '..'" },
        { "model = \"\"", "'model' is ''" },
        { "tail.inputs = []", "'tail.onnx' reads 0 values" },
    };

    public static TheoryData<string, string> UNetEdits { get; } = new()
    {
        { "cuts = []", "neither a chain of blocks nor cuts" },
        { "cuts.2 = null", "one of its cuts is null" },
        { "cuts.2.down = null", "which 'prelude.onnx' does not make" },
        { "cuts.5.down = DOWN", "cut 5 has a part that leads down" },
        { "cuts.1.channels = 0", "cut 1 makes 0 channels, where 1 or more are expected" },
        { "cuts.1.up.outputs = [\"x\", \"y\"]", "make one value each" },
        { "cuts.0.skip = \"nowhere\"", "begins as 'nowhere'" },
        { "tail.inputs = [\"x\"]", "'tail.onnx' reads 1 values, where 2 of the stream come first" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void AManifestThatLiesIsRefusedWhenItIsRead(string edit, string reason) => Assert.Contains(reason, Refused(splits.Dit, edit), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(UNetEdits))]
    public void SoIsOneOfAUNet(string edit, string reason) => Assert.Contains(reason, Refused(splits.UNet, edit), StringComparison.Ordinal);

    [Theory]
    [InlineData("chain.endsJoint = false", "ends with image and text as one, and 'endsJoint' says otherwise")]
    [InlineData("chain.blocks.0.branches.0.isJoint = true", "is given the text in the stream and beside it")]
    [InlineData("chain.blocks.3.branches.0.isJoint = false", "is given image and text apart, behind a part that is given both as one")]
    public void SoIsOneOfTwoStreams(string edit, string reason) => Assert.Contains(reason, Refused(splits.Flux, edit), StringComparison.Ordinal);

    [Fact]
    public void GraphsThatDoNotFitTogetherAreRefused()
    {
        OnnxSplits.Copy(splits.Dit, At("split"));
        var file = Path.Combine(At("split"), "tail.onnx");
        var tail = ModelReader.Read(file);

        var input = tail.Graph.Input.Single(i => i.Name == tail.Graph.Input[0].Name);
        OnnxModel.Rename(tail, input.Name, "given");
        input.Type.TensorType.ElemType = TinyGraph.Double;
        var was = JsonNode.Parse(File.ReadAllText(Path.Combine(At("split"), "split.json")))!["tail"]!["inputs"]![0]!.GetValue<string>();
        tail.Graph.Node.Insert(0, TinyGraph.Cast("given", was, TinyGraph.Float));
        input.Name = was;
        File.WriteAllBytes(file, tail.ToByteArray());
        var message = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("split"))).Message;
        Assert.Contains("float64", message, StringComparison.Ordinal);
        Assert.Contains("the graphs are of different splits", message, StringComparison.Ordinal);
    }

    private string Refused(string folder, string edit)
    {
        OnnxSplits.Copy(folder, At("split"));
        var file = Path.Combine(At("split"), "split.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var (path, value) = edit.Split(" = ") is [var p, var v] ? (p.Split('.'), v) : throw new ArgumentException(edit);
        value = value.Replace("TAIL", json["tail"]!.ToJsonString(), StringComparison.Ordinal).Replace("DOWN", json["cuts"] is JsonArray { Count: > 0 } cuts ? cuts[0]!["down"]!.ToJsonString().Replace("down-00", "down-09", StringComparison.Ordinal) : "", StringComparison.Ordinal);
        var at = path[..^1].Aggregate(json, (node, key) => node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : node[key]!);
        if (at is JsonArray array)
        {
            array[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        }
        else
        {
            Assert.True(at.AsObject().ContainsKey(path[^1]), edit);
            at[path[^1]] = JsonNode.Parse(value);
        }

        File.WriteAllText(file, json.ToJsonString());
        var error = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(file));
        Assert.StartsWith(At("split"), error.File, StringComparison.Ordinal);
        return error.Message;
    }
}
