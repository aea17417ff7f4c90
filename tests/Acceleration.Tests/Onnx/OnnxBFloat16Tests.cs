using System.Text.RegularExpressions;
using Acceleration.Onnx;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary>Networks in bfloat16, which this ONNX Runtime does not compute on the CPU: the operator is named, and what would be right. Models that convert to float32 for it run (<see cref="OnnxTypeTests"/>).</summary>
public sealed partial class OnnxBFloat16Tests : OnnxTest
{
    private const string NoKernel = "has no kernel for its type on this provider. The model is in bfloat16, in which the CPU computes hardly any operator: export it in float32 or float16, or take a provider that has it.";

    /// <summary>Convolutions take it from operator set 22 on.</summary>
    [Theory]
    [InlineData(OnnxModel.Flux, 0, NoKernel)]
    [InlineData(OnnxModel.Dit, 22, NoKernel)]
    [InlineData(OnnxModel.Sd3, 22, NoKernel)]
    [InlineData(OnnxModel.Dit, 0, "does not take bfloat16 ('sample') in the model's operator set: export it in float32 or float16.")]
    [InlineData(OnnxModel.UNet, 0, "does not take bfloat16 ('sample') in the model's operator set: export it in float32 or float16.")]
    public void ANetworksOperatorIsNamed(string kind, int set, string reason)
    {
        OnnxModel.Changed(kind, At("model"), m =>
        {
            m.OpsetImport[0].Version = set > 0 ? set : m.OpsetImport[0].Version;
            NarrowModel.Make(m, TinyGraph.BFloat16);
            NarrowModel.WidenWaves(m, TinyGraph.BFloat16);
        });
        foreach (var error in new[] { Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model"))), Assert.Throws<OnnxException>(() => OnnxSplitter.Split(At("model"), At("split"))) })
        {
            var named = Named().Match(error.Message);
            Assert.True(named.Success, error.Message);
            Assert.Contains(ModelReader.Read(At("model/model.onnx")).Graph.Node, n => (n.OpType, n.Name) == (named.Groups[1].Value, named.Groups[2].Value));
            Assert.EndsWith(reason, error.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(At("split")));
    }

    /// <summary>A conversion of every number, sines of timesteps included, is no valid model: these have no bfloat16 at all in its operator set.</summary>
    [Fact]
    public void AnOperatorThatDoesNotTakeItIsNamed()
    {
        OnnxModel.Changed(OnnxModel.Dit, At("model"), m => NarrowModel.Make(m, TinyGraph.BFloat16));
        var message = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model"))).Message;
        Assert.Contains("the operator 'Sin', node '/Sin', does not take bfloat16 ('/Mul_output_0') in the model's operator set: export it in float32 or float16.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherTypeIsNotTakenForIt()
    {
        File.WriteAllBytes(At("model.onnx"), TinyGraph.Of([TinyGraph.Input("sample", TinyGraph.Double, "rows", 2, 4, 4), TinyGraph.Input("timestep", TinyGraph.Float, "rows")], TinyGraph.Node("Erf", "output", "sample")).ToByteArray());
        var message = Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model.onnx"), new() { Prediction = PredictionType.Flow })).Message;
        Assert.EndsWith("the operator 'Erf' of set 13 has no kernel for its type on this provider. Export it with another type there, or take a provider that has it.", message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"the operator '(\w+)'(?: of set \d+)?, node '([^']+)', ")]
    private static partial Regex Named();
}
