using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

public sealed class OnnxParityTests : OnnxTest
{
    public static TheoryData<string> Kinds => OnnxModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AWholeModelGivesWhatPyTorchGave(string kind)
    {
        using var model = OnnxModel.Of(kind);
        using var network = OnnxDenoiser.Load(model.Folder);

        // The second call writes where libtorch keeps the output; the first lets ONNX Runtime choose.
        foreach (var call in Enumerable.Range(0, 3))
        {
            using var output = model.Predict(network);
            Assert.True(Difference(output, model.Output) < 1e-5, $"call {call}: {Difference(output, model.Output)}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ASplitModelIsTheWhole(string kind)
    {
        using var model = OnnxModel.Of(kind);
        var folder = Split(kind);
        using var whole = OnnxDenoiser.Load(model.Folder);
        using var split = OnnxDenoiser.Load(folder);
        using var expected = model.Predict(whole);
        foreach (var apart in new[] { false, true })
        {
            // As one graph again, where nothing works at its sites, and each part by itself.
            split.RunsApart = apart;
            using var output = model.Predict(split);
            Assert.True(Difference(output, expected) < 1e-6, $"{(apart ? "apart" : "as one")}: {Difference(output, expected)}");
        }

        Assert.Equal((whole.Info.Name == kind, whole.Info.Prediction, whole.Info.Classes, whole.Info.Patch), (split.Info.Name == kind, split.Info.Prediction, split.Info.Classes, split.Info.Patch));
        Assert.Equal(whole.Info.SampleSize, split.Info.SampleSize);
        Assert.Equal(whole.Info.Conditions.Select(c => $"{c}"), split.Info.Conditions.Select(c => $"{c}"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EverySiteOfASplitModelKeepsTheRules(string kind)
    {
        using var model = OnnxModel.Of(kind);
        var folder = Split(kind);
        using var split = OnnxDenoiser.Load(folder);
        NetworkCheck.Run(split, 3, null, model.Condition).ThrowIfFailed();
    }

    private static double Difference(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (a - b).abs().max().item<float>() / b.abs().max().item<float>();
    }
}
