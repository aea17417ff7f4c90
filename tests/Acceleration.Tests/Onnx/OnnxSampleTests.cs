using Acceleration.Models;
using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>The sample's graphs, whose weights lie in checkpoints, against the networks of Acceleration.Models.</summary>
public sealed class OnnxSampleTests : OnnxTest
{
    public static TheoryData<string, int> Networks { get; } = new() { { "fashion-dit", 32 }, { "fashion-dit", 16 }, { "fashion-unet", 32 }, { "fashion-unet", 16 } };

    [Theory]
    [MemberData(nameof(Networks))]
    public void AGraphOfACheckpointIsTheCheckpointsNetwork(string name, int side)
    {
        using var whole = OnnxDenoiser.Load(Folder(name));
        using var torch = Checkpointed(name);
        Assert.Equal((torch.Info.Prediction, torch.Info.Classes), (whole.Info.Prediction, whole.Info.Classes));
        Assert.InRange(Difference(whole, torch, side), 0, 2e-5);
    }

    [Theory]
    [InlineData("fashion-dit", 8, 16, 0)]
    [InlineData("fashion-unet", 0, 0, 6)]
    public void ItsPartsAreFoundWhereSidesAreOpen(string name, int blocks, int parts, int cuts)
    {
        var found = OnnxSplitter.Split(Folder(name), At("split"));
        using var split = OnnxDenoiser.Load(found.Manifest);
        using var torch = Checkpointed(name);
        Assert.Equal((blocks, parts, cuts), (found.Blocks, found.Parts, found.Cuts));
        Assert.InRange(found.Difference, 0, 1e-5);
        Assert.InRange(Difference(split, torch, 32), 0, 2e-5);
    }

    /// <summary>Parts read the checkpoint, too: it stands there once more by name alone.</summary>
    [Fact]
    public void WeightsStayInTheCheckpoint()
    {
        OnnxSplitter.Split(Folder("fashion-dit"), At("split"));
        var written = Directory.EnumerateFiles(At("split")).Where(f => Path.GetExtension(f) != ".safetensors").Sum(f => new FileInfo(f).Length);
        Assert.True(File.Exists(Path.Combine(At("split"), "fashion-dit.safetensors")));
        Assert.InRange(written, 1, 600_000);
    }

    /// <summary>The sites of the graph cost what those of the hand-written network do.</summary>
    [Fact]
    public void PartsCostWhatTheNetworkSays()
    {
        using var split = OnnxDenoiser.Load(OnnxSplitter.Split(Folder("fashion-dit"), At("split")).Manifest);
        using var torch = Checkpointed("fashion-dit");
        var tokens = torch.Info.Layout(torch.Info.SampleSize).Tokens;
        Assert.Equal(1, split.Info.Sites.Network.Cost.MultiplyAdds(tokens) / torch.Info.Sites.Network.Cost.MultiplyAdds(tokens), 0.02);
    }

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", name);

    private static IDenoiser Checkpointed(string name) => Acceleration.Models.Networks.Load(Path.Combine(Folder(name), $"{name}.safetensors"), new NetworkOptions { DType = ScalarType.Float32 });

    private static double Difference(IDenoiser a, IDenoiser b, int side)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var condition = Conditioning.Labels(3, 7, b.Info.Classes);
        var (latents, time) = (randn(3, 1, side, side), tensor(new[] { 20f, 500f, 900f }));
        var expected = b.Predict(latents, time, condition, Evaluation.Plain(3));
        return ((a.Predict(latents, time, condition, Evaluation.Plain(3)) - expected).abs().max() / expected.abs().max()).item<float>();
    }
}
