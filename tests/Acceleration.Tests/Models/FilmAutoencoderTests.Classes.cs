using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <content>What is true of one of the classes.</content>
public sealed partial class FilmAutoencoderTests
{
    [Fact]
    public void WanSeesNoLaterFrame()
    {
        using var films = Film.Load(Fixture(Wan));
        var film = Normal(1, 1, 3, 9, 8, 12);
        var whole = films.Encode(film);
        Assert.InRange(Difference(films.Encode(film.narrow(2, 0, 1)), whole.narrow(2, 0, 1)), 0, 1e-6);
        Assert.InRange(Difference(films.Encode(film.narrow(2, 0, 5)), whole.narrow(2, 0, 2)), 0, 1e-6);

        var latents = Normal(2, 1, 4, 4, 2, 3);
        Assert.InRange(Difference(films.Decode(latents.narrow(2, 0, 2)), films.Decode(latents).narrow(2, 0, 5)), 0, 1e-6);
        Assert.True(Difference(films.Decode(latents).narrow(2, 5, 4), films.Decode(latents.flip([2])).narrow(2, 5, 4)) > 1e-3);
    }

    [Fact]
    public void LatentsOfWanHaveMeansAndDeviationsAndItsFilmsAreClipped()
    {
        using var wan = Film.Load(Fixture(Wan));
        var film = Normal(1, 1, 3, 5, 12, 16);
        using var own = wan.Distribution(film);
        var mean = tensor(new[] { -0.5f, -0.2f, 0.1f, 0.4f }).view(1, 4, 1, 1, 1).ToTestDevice();
        var deviation = tensor(new[] { 0.7f, 1.1f, 1.5f, 1.9f }).view(1, 4, 1, 1, 1).ToTestDevice();
        var latents = wan.Encode(film);

        Assert.InRange(Difference(latents, (own.Mean - mean) / deviation), 0, 1e-6);
        Assert.InRange(Difference(wan.Decode(latents), wan.DecodeUnscaled(own.Mean)), 0, 1e-5);

        // Norms take the loudness from latents, so the last convolution is what is made louder.
        var path = PathOf("loud.safetensors");
        Golden.Copy($"models/{Wan}", path, tensors => tensors["weights.decoder.conv_out.weight"] = tensors["weights.decoder.conv_out.weight"] * 50);
        using var louder = Film.Load(path);
        var loud = louder.Decode(latents);
        Assert.Equal((-1f, 1f), (loud.min().item<float>(), loud.max().item<float>()));
    }

    [Fact]
    public void LatentsOfCogVideoXAreScaled()
    {
        using var cog = AutoencoderKLCogVideoX.Load(Changed(Cog, ("\"invert_scale_latents\": false", "\"invert_scale_latents\": true"), ("\"scaling_factor\": 1.15258426", "\"scaling_factor\": 0.7")), new() { Device = TestDevice.Current });
        var film = Normal(1, 1, 3, 5, 12, 16);
        using var own = cog.Distribution(film);
        var latents = cog.Encode(film);

        Assert.Equal((0.7, true), (cog.Scale, cog.InvertsScale));
        Assert.InRange(Difference(latents, own.Mean * 0.7), 0, 1e-6);
        Assert.InRange(Difference(cog.Decode(latents), cog.DecodeUnscaled(own.Mean)), 0, 1e-5);
    }

    // An attention that adds nothing computes what its absence does; blocks behind it are numbered one higher.
    [Fact]
    public void LevelsOfWanMayHaveAttention()
    {
        var path = PathOf("attentive.safetensors");
        Golden.Copy($"models/{Wan}", path, tensors =>
        {
            const string blocks = "weights.encoder.down_blocks.";
            foreach (var name in tensors.Keys.Where(n => n.StartsWith(blocks, StringComparison.Ordinal) && !n.StartsWith(blocks + "0.", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal).ToArray())
            {
                var number = name[blocks.Length] - '0';
                tensors.Remove(name, out var moved);
                tensors[$"{blocks}{number + 1}{name[(blocks.Length + 1)..]}"] = moved!;
            }

            tensors[blocks + "1.norm.gamma"] = ones(4, 1, 1);
            (tensors[blocks + "1.to_qkv.weight"], tensors[blocks + "1.to_qkv.bias"]) = (Normal(1, 12, 4, 1, 1).cpu(), Normal(2, 12).cpu());
            (tensors[blocks + "1.proj.weight"], tensors[blocks + "1.proj.bias"]) = (zeros(4, 4, 1, 1), zeros(4));
        }, m => m["config"] = m["config"].Replace("\"attn_scales\": []", "\"attn_scales\": [1]", StringComparison.Ordinal));
        using var attentive = Film.Load(path);
        using var plain = Film.Load(Fixture(Wan));
        var film = Normal(3, 1, 3, 5, 8, 12);

        Assert.InRange(Difference(attentive.Encode(film), plain.Encode(film)), 0, 1e-6);
    }
}
