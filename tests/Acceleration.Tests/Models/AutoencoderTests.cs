using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Autoencoders against their references, and what their configurations say.</summary>
public sealed class AutoencoderTests : ModelTest
{
    [Theory]
    [InlineData("autoencoder_kl")]
    [InlineData("autoencoder_tiny")]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"models/{fixture}", "output", "output, strict");

    [Fact]
    public void MomentsAndPicturesAreTheDoublePrecisionReferences()
    {
        using var file = SafetensorsFile.Open(Fixture("autoencoder_kl"));
        using var kl = AutoencoderKL.Load(Fixture("autoencoder_kl"), Options(ScalarType.Float64));
        using var latents = kl.Distribution(file.Read("input.image"));

        Assert.InRange(Difference(latents.Mean, file.Read("output64.mean")), 0, 1e-12);
        Assert.InRange(Difference(latents.LogVariance, file.Read("output64.logvar")), 0, 1e-12);
        Assert.InRange(Difference(latents.Deviation(), file.Read("output64.std")), 0, 1e-12);
        Assert.InRange(Difference(kl.DecodeUnscaled(file.Read("input2.latent")), file.Read("output642.decoded")), 0, 1e-12);
        var noise = Normal(1, latents.Mean.shape).to(ScalarType.Float64);
        Assert.InRange(Difference(latents.Sample(noise), latents.Mean + (latents.Deviation() * noise)), 0, 1e-15);
    }

    [Fact]
    public void TheTinyOneEqualsItsDoublePrecisionReference()
    {
        using var file = SafetensorsFile.Open(Fixture("autoencoder_tiny"));
        using var tiny = AutoencoderTiny.Load(Fixture("autoencoder_tiny"), Options(ScalarType.Float64));

        Assert.InRange(Difference(tiny.EncodeUnscaled(file.Read("input.image")), file.Read("output64.latent")), 0, 1e-12);
        Assert.InRange(Difference(tiny.DecodeUnscaled(file.Read("input2.latent")), file.Read("output642.decoded")), 0, 1e-12);
        Assert.Equal((3, 3, 4, 8), (tiny.Info.Channels, tiny.Info.DecodedChannels, tiny.Info.LatentChannels, tiny.Info.Factor));
    }

    [Theory]
    [InlineData("\"shift_factor\": null", "\"shift_factor\": 0.25", 0.18215, 0.25)]
    [InlineData("\"scaling_factor\": 0.18215", "\"scaling_factor\": 0.3611", 0.3611, 0)]
    public void LatentsAreShiftedThenScaled(string part, string replacement, double scale, double shift)
    {
        using var kl = Kl(Changed("autoencoder_kl", part, replacement));
        var picture = Normal(1, 1, 3, 12, 16);
        using var own = kl.Distribution(picture);
        var latents = kl.Encode(picture);

        Assert.InRange(Difference(latents, (own.Mean - shift) * scale), 0, 1e-6);
        Assert.InRange(Difference(kl.Decode(latents), kl.DecodeUnscaled(own.Mean)), 0, 1e-5);
    }

    [Fact]
    public void ChannelsMayHaveMeansAndDeviationsOfTheirOwn()
    {
        using var kl = Kl(Changed("autoencoder_kl", "\"latents_mean\": null, \"latents_std\": null", "\"latents_mean\": [0.5, -1, 0, 2], \"latents_std\": [1, 2, 0.5, 4]"));
        var picture = Normal(1, 2, 3, 12, 16);
        using var own = kl.Distribution(picture);
        var (mean, deviation) = (tensor(new[] { 0.5f, -1, 0, 2 }).view(1, 4, 1, 1).ToTestDevice(), tensor(new[] { 1f, 2, 0.5f, 4 }).view(1, 4, 1, 1).ToTestDevice());
        var latents = kl.Encode(picture);

        Assert.InRange(Difference(latents, (own.Mean - mean) * 0.18215 / deviation), 0, 1e-6);
        Assert.InRange(Difference(kl.Decode(latents), kl.DecodeUnscaled(own.Mean)), 0, 1e-5);
    }

    [Fact]
    public void OlderNamesOfAttentionAreReadToo()
    {
        (string New, string Old)[] names = [("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")];
        using var renamed = Kl(Changed("autoencoder_kl", tensors: tensors =>
        {
            foreach (var name in tensors.Keys.Where(n => n.Contains(".attentions.", StringComparison.Ordinal)).ToArray())
            {
                if (Array.Find(names, n => name.Contains($".{n.New}.", StringComparison.Ordinal)) is { New: not null } pair)
                {
                    tensors.Remove(name, out var moved);
                    tensors[name.Replace(pair.New, pair.Old, StringComparison.Ordinal)] = moved!;
                }
            }
        }));
        using var plain = Kl(Fixture("autoencoder_kl"));
        var picture = Normal(1, 1, 3, 12, 16);

        Assert.Equal(0, Difference(renamed.Encode(picture), plain.Encode(picture)));
    }

    // Identity convolutions and an attention that adds nothing compute what their absence does.
    [Fact]
    public void PartsThatAConfigurationLeavesOutAreLeftOut()
    {
        using var without = Kl(Changed(
            "autoencoder_kl",
            t => Array.ForEach([.. t.Keys.Where(n => n.Contains("quant_conv", StringComparison.Ordinal) || n.Contains(".attentions.", StringComparison.Ordinal))], (string n) => t.Remove(n)),
            ("\"use_post_quant_conv\": true", "\"use_post_quant_conv\": false"),
            ("\"use_quant_conv\": true", "\"use_quant_conv\": false"),
            ("\"mid_block_add_attention\": true", "\"mid_block_add_attention\": false")));
        using var idle = Kl(Changed("autoencoder_kl", tensors: t =>
        {
            foreach (var (name, size) in new[] { ("quant_conv", 8), ("post_quant_conv", 4) })
            {
                t[$"weights.{name}.weight"] = eye(size).view(size, size, 1, 1);
                t[$"weights.{name}.bias"] = zeros(size);
            }

            foreach (var name in t.Keys.Where(n => n.Contains("to_out.0", StringComparison.Ordinal)).ToArray())
            {
                t[name] = zeros_like(t[name]);
            }
        }));
        var picture = Normal(1, 1, 3, 12, 16);
        var latents = idle.Encode(picture);

        Assert.InRange(Difference(without.Encode(picture), latents), 0, 1e-6);
        Assert.InRange(Difference(without.Decode(latents), idle.Decode(latents)), 0, 1e-5);
    }

    [Theory]
    [InlineData("autoencoder_kl", 5e-2)]
    [InlineData("autoencoder_tiny", 5e-2)]
    public void BFloat16IsCloseAndReturnsFloat32(string fixture, double tolerance)
    {
        using var exact = Autoencoders.Load(Fixture(fixture), Options(ScalarType.Float32));
        using var coarse = Autoencoders.Load(Fixture(fixture), Options(ScalarType.BFloat16));
        var latents = Normal(1, 2, 4, 4, 6);
        var picture = coarse.Decode(latents);

        Assert.Equal(ScalarType.Float32, picture.dtype);
        Assert.InRange(RelativeDifference(picture, exact.Decode(latents)), 1e-6, tolerance);
    }

    [Theory]
    [InlineData("autoencoder_kl")]
    [InlineData("autoencoder_tiny")]
    public void ABatchEqualsItsSinglePictures(string fixture)
    {
        using var autoencoder = Autoencoders.Load(Fixture(fixture), Options(ScalarType.Float32));
        var pictures = Normal(1, 3, 3, 24, 16);
        var latents = autoencoder.Encode(pictures);
        var singles = cat([.. Enumerable.Range(0, 3).Select(i => autoencoder.Encode(pictures.narrow(0, i, 1)))], 0);

        Assert.InRange(Difference(latents, singles), 0, 1e-5);
        Assert.Equal([3L, 4, 24 / autoencoder.Info.Factor, 16 / autoencoder.Info.Factor], latents.shape);
        Assert.Equal(pictures.shape, autoencoder.Decode(latents).shape);
        Assert.False(autoencoder.Decode(latents).requires_grad);
    }

    [Theory]
    [InlineData("autoencoder_kl")]
    [InlineData("autoencoder_tiny")]
    public void WhatDoesNotFitIsRefusedBeforeNativeCode(string fixture)
    {
        using var autoencoder = Autoencoders.Load(Fixture(fixture), Options(ScalarType.Float32));

        Assert.Contains("encodes pictures [rows, 3, height, width]", Assert.Throws<ArgumentException>(() => autoencoder.Encode(zeros(1, 4, 16, 16))).Message, StringComparison.Ordinal);
        Assert.Contains("Float32 [3, 16, 16]", Assert.Throws<ArgumentException>(() => autoencoder.Encode(zeros(3, 16, 16))).Message, StringComparison.Ordinal);
        Assert.Contains("decodes latents [rows, 4, height, width]", Assert.Throws<ArgumentException>(() => autoencoder.Decode(zeros(1, 3, 2, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => autoencoder.Decode(zeros(1, 4, 2, 2, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => autoencoder.Decode(zeros(1, 4, 0, 2)));
    }

    private static NetworkOptions Options(ScalarType dtype) => new() { DType = dtype, Device = TestDevice.Current };

    private static AutoencoderKL Kl(string path) => AutoencoderKL.Load(path, Options(ScalarType.Float32));

    private string Changed(string fixture, string part, string replacement) => Changed(fixture, null, (part, replacement));

    private string Changed(string fixture, Action<Dictionary<string, Tensor>>? tensors = null, params (string Part, string Replacement)[] config)
    {
        var path = PathOf($"{Guid.NewGuid():N}.safetensors");
        Golden.Copy($"models/{fixture}", path, tensors, metadata =>
        {
            foreach (var (part, replacement) in config)
            {
                Assert.Contains(part, metadata["config"], StringComparison.Ordinal);
                metadata["config"] = metadata["config"].Replace(part, replacement, StringComparison.Ordinal);
            }
        });
        return path;
    }
}
