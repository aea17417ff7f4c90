using Acceleration.Models;
using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Multiply-adds of graphs, found by how work differs between probing calls.</summary>
public sealed class OnnxCostTests : OnnxTest
{
    public static TheoryData<string> Kinds => OnnxModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AWholeModelCostsWhatItsPartsDo(string kind)
    {
        using var model = OnnxModel.Of(kind);
        using var whole = OnnxDenoiser.Load(model.Folder, new() { CountsWork = true });
        using var split = OnnxDenoiser.Load(Split(kind));
        var (of, parts) = (whole.Info.Sites.Network.Cost, split.Info.Sites.Network.Cost);
        foreach (var text in new long[] { 1, 20, 300 })
        {
            Assert.Equal(1, of.MultiplyAdds(64, text) / parts.MultiplyAdds(64, text), 1e-9);
        }

        using var silent = OnnxDenoiser.Load(model.Folder);
        Assert.Equal(new CostModel(0, 1), silent.Info.Sites.Network.Cost);
    }

    /// <summary>The length of the text is left open in these; what grows with it is known by hand.</summary>
    [Theory]
    [InlineData(OnnxModel.Sd3)]
    [InlineData(OnnxModel.Flux)]
    public void ALongerTextCostsMore(string kind)
    {
        using var split = OnnxDenoiser.Load(Split(kind));
        var cost = split.Info.Sites.Network.Cost;
        Assert.True(cost.PerText > 0, $"{cost}");

        // Scores and sums of joint attention are products of all tokens with all: (n + t)², of which n alone is fixed here.
        Assert.True(cost.PerTextToken > 0 && cost.PerTextPair > 0, $"{cost}");
        Assert.Equal(2 * cost.PerTextPair, cost.PerTextToken, 1e-6 * cost.PerTextToken);
        foreach (var block in split.Info.Sites.All.Where(s => s.Kind == SiteKind.Block))
        {
            Assert.True(block.Cost.MultiplyAdds(64, 100) > block.Cost.MultiplyAdds(64, 10), $"{block}");
        }
    }

    [Theory]
    [InlineData("fashion-dit")]
    [InlineData("fashion-unet")]
    public void ChangesOfResolutionSpareWhatTheySpareOnTheNetwork(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", name);
        using var whole = OnnxDenoiser.Load(folder, new() { CountsWork = true });
        using var torch = Acceleration.Models.Networks.Load(Path.Combine(folder, $"{name}.safetensors"), new NetworkOptions { DType = ScalarType.Float32 });
        Assert.Equal(1, Gain(whole) / Gain(torch), 0.01);

        static double Gain(IDenoiser network)
        {
            using var condition = Conditioning.Labels(3);
            using var result = Sampler.For(network).Bottleneck([new(1, 2), new(0.5, 4, 0.8), new(1, 2, 0.5)]).Build().Generate(new SamplingRequest { Condition = condition, Seed = 1 });
            return result.Trace.ArithmeticGain!.Value;
        }
    }
}
