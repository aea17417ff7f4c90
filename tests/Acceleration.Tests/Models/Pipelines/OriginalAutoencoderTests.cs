using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Files of one part of a model as it was first released: FLUX beside its autoencoder, networks that are conditioned on pictures.</summary>
public sealed class OriginalAutoencoderTests : ModelTest
{
    private const int Head = 32;
    private const int FluxChannels = 16;

    [Fact]
    public void TheAutoencoderOfFluxLoadsFromItsFile()
    {
        WriteAutoencoder("ae.safetensors", quant: false);
        using var file = Autoencoders.Load(PathOf("ae.safetensors"));
        using var folder = Autoencoders.Load(PathOf("vae"));
        var (picture, latents) = (Normal(1, 1, 3, 8, 12).cpu(), Normal(2, 1, FluxChannels, 2, 3).cpu());

        Assert.Equal(FluxChannels, file.Info.LatentChannels);
        Assert.Equal(0, Difference(folder.Encode(picture), file.Encode(picture)));
        Assert.Equal(0, Difference(folder.Decode(latents), file.Decode(latents)));
    }

    [Fact]
    public void AnAutoencoderOfWhichNothingSaysTheScaleIsRefusedUntilAConfigurationLiesBesideIt()
    {
        WriteAutoencoder("vae-sd.safetensors", quant: true);
        Assert.Contains("nor anything else says how its latents are scaled. Put a config.json beside it", Assert.Throws<CheckpointException>(() => Autoencoders.Load(PathOf("vae-sd.safetensors"))).Message, StringComparison.Ordinal);
        File.Copy(PathOf("vae/config.json"), PathOf("config.json"));
        using var file = Autoencoders.Load(PathOf("vae-sd.safetensors"));
        using var folder = Autoencoders.Load(PathOf("vae"));
        var latents = Normal(2, 1, FluxChannels, 2, 3).cpu();
        Assert.Equal(0, Difference(folder.Decode(latents), file.Decode(latents)));
    }

    [Fact]
    public void AnAutoencoderThatIsNotWholeIsRefusedByName()
    {
        WriteAutoencoder("ae.safetensors", quant: false, leaveOut: "decoder.conv_in.weight");
        Assert.Contains("decoder.conv_in.weight", Assert.Throws<CheckpointException>(() => Autoencoders.Load(PathOf("ae.safetensors"))).Message, StringComparison.Ordinal);
        WriteAutoencoder("ae.safetensors", quant: false, leaveOut: "decoder.norm_out.bias");
        Assert.Contains("decoder.conv_norm_out", Assert.Throws<CheckpointException>(() => Autoencoders.Load(PathOf("ae.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FluxFindsTheAutoencoderBesideIt()
    {
        WriteFlux("flux.safetensors", 4 * FluxChannels);
        using (var without = Pipeline.Load(PathOf("flux.safetensors")))
        {
            Assert.Null(without.Autoencoder);
            Assert.Equal("FluxPipeline", without.Parts.Pipeline);
        }

        WriteAutoencoder("ae.safetensors", quant: false);
        using var beside = Pipeline.Load(PathOf("flux.safetensors"));
        using var named = Pipeline.Load(PathOf("flux.safetensors"), new() { Autoencoder = PathOf("vae") });
        var latents = Normal(2, 1, FluxChannels, 2, 4).cpu();
        Assert.Equal(0, Difference(named.Decode(latents), beside.Decode(latents)));
    }

    [Theory]
    [InlineData(8 * FluxChannels, "FluxControlPipeline", "a control picture")]
    [InlineData((8 * FluxChannels) + (4 * 16), "FluxFillPipeline", "a picture, a mask")]
    public void NetworksOfFluxThatAreConditionedOnPicturesAreKnownByTheirShape(int inputs, string pipeline, string expected)
    {
        WriteFlux("flux.safetensors", inputs);
        WriteAutoencoder("ae.safetensors", quant: false);
        Assert.Equal(expected, string.Join(", ", Pipeline.PicturesOf(PathOf("flux.safetensors"))));
        using var model = Pipeline.Load(PathOf("flux.safetensors"));
        var call = new PipelineCall { Steps = 1, Size = new(32, 16) };
        Assert.Equal(pipeline, model.Parts.Pipeline);

        using var seen = model.EncodePictures(call, [.. model.Pictures.Select((p, i) => (p.Role, Normal((ulong)i, 1, p.Channels, 16, 32).cpu().sigmoid()))]);
        using var text = new Conditioning(1, (ConditionNames.Text, Normal(5, 1, 3, 10).cpu()), (ConditionNames.Pooled, Normal(6, 1, 12).cpu()));
        using var condition = model.Complete(text, call, seen);
        using var result = model.Describe(call).Build().Generate(new() { Condition = condition, Size = model.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Latents.isfinite().all().item<bool>());
    }

    [Fact]
    public void AnAutoencoderOfOtherLatentsIsRefused()
    {
        WriteFlux("flux.safetensors", 4 * FluxChannels);
        var error = Assert.Throws<CheckpointException>(() => Pipeline.Load(PathOf("flux.safetensors"), new() { Autoencoder = Fixture("autoencoder_kl") }));
        Assert.Contains("latents of 4 channels, and those of flux have 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AUNetOfNineChannelsInASingleFileIsKnownByItsShape()
    {
        using var file = SafetensorsFile.Open(Fixture("unet_sd15"));
        var names = new ModuleNames(LatentDiffusionUNet.Pairs([true, true, false], 2));
        const string prefix = "weights.";
        SafetensorsFile.Write(PathOf("sd.safetensors"), file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]).Select(n =>
            (LatentDiffusionShape.Prefix + names.Original(n), n == "conv_in.weight" ? Normal(1, 8, 9, 3, 3).cpu() : file.Read(prefix + n))));
        using var written = SafetensorsFile.Open(PathOf("sd.safetensors"));
        Assert.Equal("StableDiffusionInpaintPipeline", SingleFileModel.Of(written)!.Pipeline);
        Assert.Equal("a picture, a mask", string.Join(", ", Pipeline.PicturesOf(PathOf("sd.safetensors"))));
    }

    /// <summary>One autoencoder in two layouts: of its original release, and of diffusers in the folder <c>vae</c>.</summary>
    private void WriteAutoencoder(string original, bool quant, string? leaveOut = null)
    {
        using var file = SafetensorsFile.Open(Fixture("autoencoder_kl"));
        const string prefix = "weights.";
        var names = new ModuleNames(LatentDiffusionAutoencoder.Pairs(levels: 3, layers: 1));
        var tensors = file.Names
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && (quant || !n.Contains("quant_conv", StringComparison.Ordinal)))
            .Select((n, i) => (Name: n[prefix.Length..], Tensor: Wider(file.Tensors[n].Shape, (ulong)i)))
            .ToArray();
        SafetensorsFile.Write(PathOf(original), tensors
            .Select(t => (Name: names.Original(t.Name)!, Tensor: LatentDiffusionAutoencoder.IsPointwise(t.Name) && t.Name.EndsWith(".weight", StringComparison.Ordinal) ? t.Tensor.unsqueeze(2).unsqueeze(3) : t.Tensor))
            .Where(t => t.Name != leaveOut));

        var config = JsonSerializer.Deserialize<Dictionary<string, object?>>(file.Metadata["config"])!;
        (config["_class_name"], config["block_out_channels"], config["latent_channels"], config["norm_num_groups"]) = ("AutoencoderKL", new[] { 32, 64, 96 }, FluxChannels, 32);
        (config["scaling_factor"], config["shift_factor"], config["use_quant_conv"], config["use_post_quant_conv"]) = (0.3611, 0.1159, quant, quant);
        Directory.CreateDirectory(PathOf("vae"));
        File.WriteAllText(PathOf("vae/config.json"), JsonSerializer.Serialize(config));
        SafetensorsFile.Write(PathOf("vae/diffusion_pytorch_model.safetensors"), tensors);
    }

    /// <summary>Norms of the original releases have 32 groups, so the golden autoencoder is too narrow.</summary>
    private static Tensor Wider(IReadOnlyList<long> shape, ulong seed) => Normal(seed, [.. shape.Select(s => s switch { 4 => FluxChannels, 8 => 32, 12 => 64, 16 => 96, _ => s })]).cpu() * 0.05;

    /// <summary>A FLUX of one block of each kind, whose heads can be turned as those of the release.</summary>
    private void WriteFlux(string name, int inputs)
    {
        (string Name, long[] Shape)[] layers =
        [
            ("img_in", [Head, inputs]), ("txt_in", [Head, 10]), ("time_in.in_layer", [Head, 256]), ("time_in.out_layer", [Head, Head]), ("vector_in.in_layer", [Head, 12]), ("vector_in.out_layer", [Head, Head]),
            ("guidance_in.in_layer", [Head, 256]), ("guidance_in.out_layer", [Head, Head]), ("final_layer.linear", [4 * FluxChannels, Head]), ("final_layer.adaLN_modulation.1", [2 * Head, Head]),
            .. new[] { "img", "txt" }.SelectMany(s => new (string, long[])[]
            {
                ($"double_blocks.0.{s}_mod.lin", [6 * Head, Head]), ($"double_blocks.0.{s}_attn.qkv", [3 * Head, Head]), ($"double_blocks.0.{s}_attn.proj", [Head, Head]),
                ($"double_blocks.0.{s}_mlp.0", [4 * Head, Head]), ($"double_blocks.0.{s}_mlp.2", [Head, 4 * Head]),
            }),
            ("single_blocks.0.linear1", [7 * Head, Head]), ("single_blocks.0.linear2", [Head, 5 * Head]), ("single_blocks.0.modulation.lin", [3 * Head, Head]),
        ];
        string[] norms = ["double_blocks.0.img_attn.norm.", "double_blocks.0.txt_attn.norm.", "single_blocks.0.norm."];
        SafetensorsFile.Write(PathOf(name), [
            .. layers.SelectMany((l, i) => new[] { (l.Name + ".weight", Normal((ulong)i, l.Shape).cpu() * 0.1), (l.Name + ".bias", Normal((ulong)(100 + i), l.Shape[0]).cpu() * 0.1) }),
            .. norms.SelectMany(n => new[] { (n + "query_norm.scale", ones(Head)), (n + "key_norm.scale", ones(Head)) }),
        ]);
    }
}
