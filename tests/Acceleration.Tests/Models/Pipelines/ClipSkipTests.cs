using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Layers of CLIP that are left out, for the prompt.</summary>
public sealed class ClipSkipTests : ModelTest
{
    private static readonly string[] Prompt = ["a red coat"];

    [Fact]
    public void StableDiffusionReadsAnEarlierLayerNormalised() => Check("sd15", (encoders, tokens) => States(encoders[0], tokens[0], TextLayer.ClipSkip(1)));

    [Fact]
    public void XLReadsBothEncodersOneLayerEarlier() => Check("sdxl", (encoders, tokens) => cat([States(encoders[0], tokens[0], TextLayer.Penultimate(1)), States(encoders[1], tokens[1], TextLayer.Penultimate(1))], 2));

    [Fact]
    public void OtherFamiliesRefuseIt()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineCall { ClipSkip = -1 });
        foreach (var family in TinyModel.Families)
        {
            using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
            if (pipeline.Text is null || pipeline.Form.SkipsClipLayers)
            {
                continue;
            }

            var error = Assert.Throws<ArgumentException>(() => pipeline.Encode(new PipelineCall { ClipSkip = 1 }, "a coat")).Message;
            Assert.Contains($"a {pipeline.Parts.Pipeline} reads the last layers of its encoders", error, StringComparison.Ordinal);
            Assert.Contains("StableDiffusionXLPipeline", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void MoreLayersThanThereAreAreRefused()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Encode(new PipelineCall { ClipSkip = 50 }, "a coat"));
    }

    private static Tensor States(TextEncoder encoder, PromptTokens tokens, TextLayer layer)
    {
        using var encoding = encoder.Encode(tokens, layer);
        return encoding.States.clone();
    }

    private void Check(string family, Func<TextEncoder[], PromptTokens[], Tensor> expected)
    {
        using var scope = NewDisposeScope();
        var model = TinyModel.Write(PathOf("."), family);
        using var pipeline = Pipeline.Load(model);
        string[] numbers = pipeline.Text!.Has(2) ? ["", "_2"] : [""];
        TextEncoder[] encoders = [.. numbers.Select(n => TextEncoder.Load(Path.Combine(model, "text_encoder" + n)))];
        PromptTokens[] tokens = [.. numbers.Select(n => PromptTokenizer.Load(Path.Combine(model, "tokenizer" + n)).Encode(Prompt, 77))];
        var call = new PipelineCall { ClipSkip = 1 };
        using var skipped = pipeline.Encode(call, Prompt);
        using var usual = pipeline.Encode(Prompt);
        Assert.Equal(0, Difference(expected(encoders, tokens), skipped.Condition[ConditionNames.Text]));
        Assert.True(Difference(usual.Condition[ConditionNames.Text], skipped.Condition[ConditionNames.Text]) > 1e-3);

        // As in the published pipelines, the negative prompt is read as ever.
        using var negative = pipeline.EncodeNegative(Prompt, skipped, call);
        Assert.Equal(0, Difference(usual.Condition[ConditionNames.Text], negative.Condition[ConditionNames.Text]));
        Array.ForEach(encoders, e => e.Dispose());
    }
}
