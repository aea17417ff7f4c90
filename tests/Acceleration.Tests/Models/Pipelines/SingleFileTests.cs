using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The layouts of original releases: golden networks written under their names compute the same.</summary>
public sealed class SingleFileTests : ModelTest
{
    private const string Prefix = "weights.";

    [Theory]
    [InlineData("unet_sd15", 2, "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight", "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight")]
    [InlineData("unet_sd15", 2, "input_blocks.3.0.op.weight", "down_blocks.0.downsamplers.0.conv.weight")]
    [InlineData("unet_sdxl", 2, "output_blocks.2.2.conv.weight", "up_blocks.0.upsamplers.0.conv.weight")]
    [InlineData("unet_sdxl", 2, "label_emb.0.2.bias", "add_embedding.linear_2.bias")]
    [InlineData("unet_sd15", 2, "output_blocks.2.1.conv.weight", "up_blocks.0.upsamplers.0.conv.weight")]
    [InlineData("unet_sd15", 2, "middle_block.2.out_layers.3.weight", "mid_block.resnets.1.conv2.weight")]
    [InlineData("unet_sd21_vpred", 1, "input_blocks.1.0.skip_connection.weight", "down_blocks.0.resnets.0.conv_shortcut.weight")]
    public void NamesOfTheReleaseAreThoseOfDiffusers(string fixture, int layers, string original, string name)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var names = UNetNames(file, layers);

        Assert.Equal(name, names.Name(original));
        Assert.Equal(original, names.Original(name));
        Assert.All(Weights(file), n => Assert.Equal(n, names.Name(names.Original(n)!)));
    }

    [Theory]
    [InlineData("unet_sd15", 2)]
    [InlineData("unet_sdxl", 2)]
    [InlineData("unet_sd21_vpred", 1)]
    public void AUNetUnderOriginalNamesComputesTheSame(string fixture, int layers)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var names = UNetNames(file, layers);
        Write("unet", Weights(file).Select(n => (LatentDiffusionShape.Prefix + names.Original(n), file.Read(Prefix + n))));
        using var written = SafetensorsFile.Open(PathOf("unet.safetensors"));
        using var renamed = new RenamedCheckpoint(written, names.Sources(written, LatentDiffusionShape.Prefix), Described(file));

        Same(file, renamed);
        var shape = LatentDiffusionShape.Of(written);
        var (derived, stored) = (JsonDocument.Parse(shape.Config(null)).RootElement, JsonDocument.Parse(file.Metadata["config"]).RootElement);
        foreach (var key in new[] { "in_channels", "out_channels", "block_out_channels", "layers_per_block", "down_block_types", "up_block_types", "cross_attention_dim", "use_linear_projection" })
        {
            Assert.Equal(stored.GetProperty(key).GetRawText().Replace(" ", "", StringComparison.Ordinal), derived.GetProperty(key).GetRawText());
        }
    }

    [Theory]
    [InlineData("flux_dev")]
    [InlineData("flux_schnell")]
    public void FluxUnderOriginalNamesComputesTheSame(string fixture)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        Write("flux", OriginalForms.Flux(n => file.Tensors.ContainsKey(Prefix + n) ? file.Read(Prefix + n) : null, "model.diffusion_model."));
        using var written = SafetensorsFile.Open(PathOf("flux.safetensors"));
        using var renamed = new RenamedCheckpoint(written, OriginalFlux.Of(written, "model.diffusion_model."), Described(file));

        Assert.Equal(Weights(file).Order(), renamed.Names.Order());
        Same(file, renamed);
        Assert.Equal("FluxPipeline", SingleFileModel.Of(written)!.Pipeline);
    }

    [Fact]
    public void AnAutoencoderUnderOriginalNamesDecodesTheSame()
    {
        using var file = SafetensorsFile.Open(Fixture("autoencoder_kl"));
        var names = new ModuleNames(LatentDiffusionAutoencoder.Pairs(levels: 3, layers: 1));
        Write("vae", Weights(file).Select(n => (names.Original(n)!, LatentDiffusionAutoencoder.IsPointwise(n) && n.EndsWith(".weight", StringComparison.Ordinal) ? file.Read(Prefix + n).unsqueeze(2).unsqueeze(3) : file.Read(Prefix + n))));
        using var written = SafetensorsFile.Open(PathOf("vae.safetensors"));
        var sources = names.Sources(written, "").ToDictionary(s => s.Key, s => LatentDiffusionAutoencoder.IsPointwise(s.Key) ? s.Value with { DropsUnits = true } : s.Value);
        using var renamed = new RenamedCheckpoint(written, sources, Described(file));
        using var a = Autoencoders.Load(Fixture("autoencoder_kl"));
        using var b = Autoencoders.Load(renamed);
        var latents = Normal(1, 1, 4, 3, 4).cpu();

        Assert.InRange(Difference(a.Decode(latents), b.Decode(latents)), 0, Rounding);
    }

    [Fact]
    public void ATextEncoderOfOpenClipEncodesTheSame()
    {
        using var file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "text", "clip_text_projection_sdxl.safetensors"));
        Write("clip", OriginalForms.OpenClip(n => file.Read(Prefix + n), layers: 3, prefix: "model."));
        using var written = SafetensorsFile.Open(PathOf("clip.safetensors"));
        using var renamed = new RenamedCheckpoint(written, OpenClipNames.Of(written, "model.", 3), Described(file));
        using var a = TextEncoder.Load(file.FilePath);
        using var b = TextEncoder.Load(renamed);
        var tokens = new PromptTokens([[0, 5, 7, 9, 79]]);
        using var first = a.Encode(tokens);
        using var second = b.Encode(tokens);

        Assert.InRange(Difference(first.States, second.States), 0, Rounding);
        Assert.InRange(Difference(first.Pooled!, second.Pooled!), 0, Rounding);
    }

    [Fact]
    public void FilesWhoseTensorsDoNotFitAreRefused()
    {
        Write("unet", [(LatentDiffusionShape.Mark, zeros(4, 4, 3, 3))]);
        Assert.Contains("no residual blocks", Refused("unet"), StringComparison.Ordinal);
        Write("flux", [(OriginalFlux.Mark, zeros(9, 3))]);
        Assert.Contains("img_in.weight", Refused("flux"), StringComparison.Ordinal);

        string Refused(string name) => Assert.Throws<CheckpointException>(() => Pipeline.Load(PathOf(name + ".safetensors"))).Message;
    }

    private static ModuleNames UNetNames(SafetensorsFile file, int layers)
    {
        var levels = JsonDocument.Parse(file.Metadata["config"]).RootElement.GetProperty("down_block_types").EnumerateArray().Select(t => t.GetString()!.StartsWith("CrossAttn", StringComparison.Ordinal));
        return new(LatentDiffusionUNet.Pairs([.. levels], layers));
    }

    private static IEnumerable<string> Weights(SafetensorsFile file) => file.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]);

    private static Dictionary<string, string> Described(SafetensorsFile file) => new() { ["config"] = file.Metadata["config"], ["model_class"] = file.Metadata["model_class"] };

    private void Write(string name, IEnumerable<(string Name, Tensor Tensor)> tensors) => SafetensorsFile.Write(PathOf(name + ".safetensors"), tensors);

    /// <summary>Both networks, at random inputs of the sizes that they state.</summary>
    private static void Same(SafetensorsFile file, ICheckpoint renamed)
    {
        using var a = Networks.Load(file.FilePath);
        using var b = Networks.Load(renamed);
        var condition = new Conditioning(1, [.. a.Info.Conditions.Where(c => !c.IsOptional).Select((c, i) => (c.Name, Normal((ulong)i, [1, .. c.Size]).cpu()))]);
        using (condition)
        {
            var x = Normal(9, [1, a.Info.Channels, .. a.Info.SampleSize.Skip(1).Select(_ => 8L)]).cpu();
            Assert.InRange(Difference(a.Predict(x, full(1, 300f), condition, Evaluation.Plain(1)), b.Predict(x, full(1, 300f), condition, Evaluation.Plain(1))), 0, Rounding);
        }
    }
}
