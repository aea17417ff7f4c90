using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Autoencoders of films against their references, and what is true of films.</summary>
public sealed partial class FilmAutoencoderTests : ModelTest
{
    private const string Wan = "autoencoder_kl_wan";
    private const string Wan22 = "autoencoder_kl_wan_22";
    private const string Cog = "autoencoder_kl_cogvideox";

    [Theory]
    [InlineData(Wan)]
    [InlineData(Wan22)]
    [InlineData(Cog)]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"models/{fixture}", "output", "output, strict");

    [Theory]
    [InlineData(Wan)]
    [InlineData(Wan22)]
    [InlineData(Cog)]
    public void OutputsAreTheDoublePrecisionReferences(string fixture)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var films = Film.Load(Fixture(fixture), ScalarType.Float64);
        var compared = 0;
        foreach (var input in file.Names.Where(n => n.StartsWith("input", StringComparison.Ordinal)))
        {
            var output = "output64" + input[5..input.IndexOf('.', StringComparison.Ordinal)];
            if (input.EndsWith("latent", StringComparison.Ordinal))
            {
                Assert.InRange(Difference(films.DecodeUnscaled(file.Read(input)), file.Read(output + ".decoded")), 0, 1e-12);
            }
            else
            {
                using var latents = films.Distribution(file.Read(input));
                Assert.InRange(Difference(latents.Mean, file.Read(output + ".mean")), 0, 1e-12);
                Assert.InRange(Difference(latents.LogVariance, file.Read(output + ".logvar")), 0, 1e-12);
            }

            compared++;
        }

        Assert.InRange(compared, 2, 4);
    }

    [Fact]
    public void WhatIsKnownOfThemIsSaid()
    {
        using var wan = Film.Load(Fixture(Wan));
        using var wan22 = Film.Load(Fixture(Wan22));
        using var cog = Film.Load(Fixture(Cog));

        Assert.Equal((true, 3, 3, 4, 4, 4), (wan.Info.TakesFilms, wan.Info.Channels, wan.Info.DecodedChannels, wan.Info.LatentChannels, wan.Info.Factor, wan.Info.FrameFactor));
        Assert.Equal((true, 3, 3, 3, 8, 2), (wan22.Info.TakesFilms, wan22.Info.Channels, wan22.Info.DecodedChannels, wan22.Info.LatentChannels, wan22.Info.Factor, wan22.Info.FrameFactor));
        Assert.Equal((true, 4, 4, 4, 32), (cog.Info.TakesFilms, cog.Info.LatentChannels, cog.Info.Factor, cog.Info.FrameFactor, cog.Info.TrainedSide));
        Assert.Equal([1L, 5, 9, 13], Enumerable.Range(1, 4).Select(f => wan.Info.DecodedFrames(f)));
        Assert.Equal([1L, 8, 9, 16], Enumerable.Range(1, 4).Select(f => cog.Info.DecodedFrames(f)));
    }

    // Frames behind a group are left out by Wan and belong to the first part in CogVideoX.
    [Theory]
    [InlineData(Wan, 1, 7)]
    [InlineData(Wan, 5, 9)]
    [InlineData(Wan22, 4, 17)]
    [InlineData(Cog, 1, 19)]
    [InlineData(Cog, 7, 12)]
    [InlineData(Cog, 8, 17)]
    public void AnyNumberOfFramesIsEncodedAndDecoded(string fixture, int few, int many)
    {
        using var films = Film.Load(Fixture(fixture));
        var side = films.Info.Factor * 2;
        foreach (var frames in new[] { few, many })
        {
            var latents = films.Encode(Normal(1, 1, 3, frames, side, side + films.Info.Factor));
            Assert.Equal([1L, films.Info.LatentChannels, films.Info.LatentFrames(frames), 2, 3], latents.shape);
            Assert.Equal([1L, 3, films.Info.DecodedFrames(latents.size(2)), side, side + films.Info.Factor], films.Decode(latents).shape);
        }
    }

    [Fact]
    public void PartsAreThoseOfTheReferences()
    {
        Assert.Equal([(0L, 1L), (1, 4), (5, 4)], FilmParts.FirstAlone(11, 4));
        Assert.Equal([(0L, 1L)], FilmParts.FirstAlone(4, 4));
        Assert.Equal([(0L, 1L), (1, 1), (2, 1)], FilmParts.FirstAlone(3, 1));
        Assert.Equal([(0L, 1L)], FilmParts.RestFirst(1, 2));
        Assert.Equal([(0L, 3L), (3, 2)], FilmParts.RestFirst(5, 2));
        Assert.Equal([(0L, 2L), (2, 2)], FilmParts.RestFirst(4, 2));
        Assert.Equal([(0L, 9L), (9, 8)], FilmParts.RestFirst(17, 8));
        Assert.Equal([(0L, 7L)], FilmParts.RestFirst(7, 8));
    }

    /// <summary>However long the film is, a layer meets one part of it, and what is remembered is the frames before it.</summary>
    [Fact]
    public void NothingGrowsWithTheFilm()
    {
        var (largest, film) = (0L, Normal(1, 1, 2, 41, 3, 5));
        using var weight = Normal(2, 2, 2, 3, 3, 3);
        using var bias = Normal(3, 2);
        var conv = new FilmConv(weight, bias, 2, FilmStart.Zeros, [1, 1, 1], 1, ScalarType.Float32);
        var alive = 0L;
        var made = FilmParts.Run(film, FilmParts.FirstAlone(41, 4), 41, (part, history) =>
        {
            Assert.Equal(history.IsFirst, history.Before(conv) is null);
            Assert.Equal(history.IsFirst ? null : [1L, 2, 2, 3, 5], history.Before(conv)?.shape);
            Assert.True(history.IsFirst || alive == 0 || alive == Tensor.TotalCount, "Tensors of a part outlived it.");
            alive = history.IsFirst ? 0 : Tensor.TotalCount;
            largest = Math.Max(largest, part.size(2));
            return conv.Apply(part, history);
        });

        var padded = nn.functional.pad(film, [1, 1, 1, 1, 2, 0]);
        Assert.InRange(Difference(made, nn.functional.conv3d(padded, weight, bias)), 0, 1e-5);
        Assert.Equal(4, largest);
    }

    [Theory]
    [InlineData(Wan)]
    [InlineData(Wan22)]
    [InlineData(Cog)]
    public void NetworksRememberNothingBetweenFilms(string fixture)
    {
        using var films = Film.Load(Fixture(fixture));
        var latents = Normal(1, 1, films.Info.LatentChannels, 5, 2, 3);
        var first = films.Decode(latents);
        films.Decode(Normal(2, 2, films.Info.LatentChannels, 2, 1, 1));
        films.Encode(Normal(3, 1, 3, 9, 16, 16));
        Assert.Throws<ArgumentException>(() => films.Decode(zeros([1, films.Info.LatentChannels, 0, 2, 3])));

        Assert.Equal(0, Difference(films.Decode(latents), first));
        Assert.False(first.requires_grad);
    }

    // What comes later in a film changes nothing before it: this is what continuing a picture rests on.
    [Theory]
    [InlineData(Wan)]
    [InlineData(Wan22)]
    [InlineData(Cog)]
    public void BFloat16IsCloseAndReturnsFloat32(string fixture)
    {
        using var exact = Film.Load(Fixture(fixture));
        using var coarse = Film.Load(Fixture(fixture), ScalarType.BFloat16);
        var latents = Normal(1, 2, exact.Info.LatentChannels, 3, 3, 4);
        var film = coarse.Decode(latents);

        Assert.Equal(ScalarType.Float32, film.dtype);
        Assert.InRange(RelativeDifference(film, exact.Decode(latents)), 1e-6, 5e-2);
        Assert.InRange(RelativeDifference(coarse.Encode(film), exact.Encode(film)), 1e-6, 5e-2);
    }

    [Theory]
    [InlineData(Wan)]
    [InlineData(Wan22)]
    [InlineData(Cog)]
    public void ABatchEqualsItsSingleFilms(string fixture)
    {
        using var films = Film.Load(Fixture(fixture));
        var latents = Normal(1, 3, films.Info.LatentChannels, 3, 2, 3);
        var decoded = films.Decode(latents);

        Assert.InRange(Difference(decoded, cat([.. Enumerable.Range(0, 3).Select(i => films.Decode(latents.narrow(0, i, 1)))], 0)), 0, 1e-5);
        Assert.InRange(Difference(films.Encode(decoded), cat([.. Enumerable.Range(0, 3).Select(i => films.Encode(decoded.narrow(0, i, 1)))], 0)), 0, 1e-5);
    }

    [Theory]
    [InlineData(Wan, 4)]
    [InlineData(Wan22, 3)]
    [InlineData(Cog, 4)]
    public void WhatDoesNotFitIsRefusedBeforeNativeCode(string fixture, int channels)
    {
        using var films = Film.Load(Fixture(fixture));
        string Refused(Func<Tensor> call) => Assert.Throws<ArgumentException>(call).Message;

        Assert.Contains("encodes films [rows, 3, frames, height, width]", Refused(() => films.Encode(zeros(1, 3, 16, 16))), StringComparison.Ordinal);
        Assert.Contains($"sides of at least {films.Info.Factor}; got Float32 [1, 3, 5, 3, 16]", Refused(() => films.Encode(zeros([1, 3, 5, 3, 16]))), StringComparison.Ordinal);
        Assert.Contains("[1, 4, 5, 16, 16]", Refused(() => films.Encode(zeros([1, 4, 5, 16, 16]))), StringComparison.Ordinal);
        Assert.Contains("[1, 3, 0, 16, 16]", Refused(() => films.Encode(zeros([1, 3, 0, 16, 16]))), StringComparison.Ordinal);
        Assert.Contains($"decodes latents [rows, {channels}, frames, height, width]", Refused(() => films.Decode(zeros(1, channels, 2, 2))), StringComparison.Ordinal);
        Assert.Contains("Int64", Refused(() => films.Decode(zeros([1, channels, 1, 2, 2], dtype: ScalarType.Int64))), StringComparison.Ordinal);
        Assert.Contains("[0, ", Refused(() => films.Decode(zeros([0, channels, 1, 2, 2]))), StringComparison.Ordinal);
    }

    [Fact]
    public void TilesOfAFilmGoOverItsWholeLength()
    {
        using var whole = Film.Load(Fixture(Wan));
        using var tiled = new TiledAutoencoder(AutoencoderKLWan.Load(Fixture(Wan), new() { Device = TestDevice.Current }), tile: 10, overlap: 0.5);
        var latents = Normal(1, 2, 4, 3, 14, 12);
        var (a, b) = (tiled.Decode(latents), whole.Decode(latents));

        // In a corner, far from the seams, the decoder has seen nearly the same pixels; attention in the middle sees all.
        Assert.Equal(b.shape, a.shape);
        Assert.InRange((a - b).abs().mean().item<float>(), 0, 0.2f * b.abs().mean().item<float>());
        Assert.InRange(Difference(tiled.Decode(latents.narrow(3, 0, 9).narrow(4, 0, 9)), whole.Decode(latents.narrow(3, 0, 9).narrow(4, 0, 9))), 0, 1e-5);
        var film = Normal(2, 2, 3, 5, 8, 8);
        Assert.InRange(Difference(tiled.Encode(film), whole.Encode(film)), 0, 1e-5);
    }

    private string Changed(string fixture, params (string Part, string Replacement)[] config)
    {
        var path = PathOf("changed.safetensors");
        Golden.Copy($"models/{fixture}", path, metadata: metadata =>
        {
            foreach (var (part, replacement) in config)
            {
                Assert.Contains(part, metadata["config"], StringComparison.Ordinal);
                metadata["config"] = metadata["config"].Replace(part, replacement, StringComparison.Ordinal);
            }
        });
        return path;
    }

    /// <summary>Either class, with what both of them have.</summary>
    private sealed class Film(IAutoencoder autoencoder) : IDisposable
    {
        public AutoencoderInfo Info => autoencoder.Info;

        public static Film Load(string path, ScalarType dtype = ScalarType.Float32) => new(Autoencoders.Load(path, new() { DType = dtype, Device = TestDevice.Current }));

        public Tensor Encode(Tensor film) => autoencoder.Encode(film);

        public Tensor Decode(Tensor latents) => autoencoder.Decode(latents);

        public Tensor DecodeUnscaled(Tensor latents) => autoencoder is AutoencoderKLWan wan ? wan.DecodeUnscaled(latents) : ((AutoencoderKLCogVideoX)autoencoder).DecodeUnscaled(latents);

        public GaussianLatents Distribution(Tensor film) => autoencoder is AutoencoderKLWan wan ? wan.Distribution(film) : ((AutoencoderKLCogVideoX)autoencoder).Distribution(film);

        public void Dispose() => autoencoder.Dispose();
    }
}
