using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Decoding in tiles.</summary>
public sealed class TiledAutoencoderTests : ModelTest
{
    [Theory]
    [InlineData(8, 0.25, 21, 13)]
    [InlineData(8, 0.5, 8, 30)]
    [InlineData(5, 0.0, 11, 12)]
    [InlineData(2, 0.25, 7, 3)]
    public void TilesOfADecoderThatLooksAtOnePixelMakeTheWhole(int tile, double overlap, long high, long wide)
    {
        var pixels = new Enlarger();
        using var tiled = new TiledAutoencoder(pixels, tile, overlap);
        var latents = Normal(1, 2, 4, high, wide).cpu();

        Assert.InRange(Difference(tiled.Decode(latents), pixels.Decode(latents)), 0, 1e-6);
        Assert.True(pixels.Largest <= Math.Max(tile, Math.Max(high, wide)));
        pixels.Largest = 0;
        tiled.Decode(latents);
        Assert.Equal(Math.Min(tile, Math.Max(high, wide)), pixels.Largest);
    }

    [Fact]
    public void OneTileIsTheWholeAndRowsAreTakenOneByOne()
    {
        using var whole = AutoencoderKL.Load(Fixture("autoencoder_kl"));
        using var tiled = new TiledAutoencoder(AutoencoderKL.Load(Fixture("autoencoder_kl")), tile: 6);
        var latents = Normal(1, 3, 4, 6, 5).cpu();

        Assert.InRange(Difference(tiled.Decode(latents), whole.Decode(latents)), 0, 1e-5);
        Assert.Equal(0, Difference(tiled.Decode(latents.narrow(0, 1, 1)), whole.Decode(latents.narrow(0, 1, 1))));
        var pictures = Normal(2, 2, 3, 12, 16).cpu();
        Assert.InRange(Difference(tiled.Encode(pictures), whole.Encode(pictures)), 0, 1e-5);
        Assert.Equal(16, whole.Info.TrainedSide);
    }

    [Fact]
    public void TilesOfARealDecoderAreNearTheWhole()
    {
        using var whole = AutoencoderTiny.Load(Fixture("autoencoder_tiny"));
        using var tiled = new TiledAutoencoder(AutoencoderTiny.Load(Fixture("autoencoder_tiny")), tile: 12, overlap: 0.5);
        var latents = Normal(1, 1, 4, 18, 18).cpu();
        var (a, b) = (tiled.Decode(latents), whole.Decode(latents));

        // In a corner, far from the seams, the decoder has seen nearly the same pixels.
        Assert.InRange(Difference(a.narrow(2, 0, 8).narrow(3, 0, 8), b.narrow(2, 0, 8).narrow(3, 0, 8)), 0, 1e-3);
        Assert.InRange((a - b).abs().mean().item<float>(), 0, 0.05f * b.abs().max().item<float>());
    }

    [Fact]
    public void TilesOfNoSizeAreRefused()
    {
        using var pixels = new Enlarger();
        Assert.Throws<ArgumentOutOfRangeException>(() => new TiledAutoencoder(pixels, tile: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TiledAutoencoder(pixels, overlap: 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TiledAutoencoder(pixels, overlap: double.NaN));
        using var tiled = new TiledAutoencoder(AutoencoderTiny.Load(Fixture("autoencoder_tiny")));
        Assert.Throws<ArgumentException>(() => tiled.Decode(zeros(4, 8, 8)));
    }

    /// <summary>Every pixel becomes four.</summary>
    private sealed class Enlarger : IAutoencoder
    {
        public long Largest { get; set; }

        public AutoencoderInfo Info { get; } = new() { Name = "enlarger", Channels = 4, DecodedChannels = 4, LatentChannels = 4, Factor = 2, Device = CPU };

        public Tensor Encode(Tensor pictures) => nn.functional.avg_pool2d(pictures, 2);

        public Tensor Decode(Tensor latents)
        {
            Largest = Math.Max(Largest, Math.Max(latents.size(2), latents.size(3)));
            return latents.repeat_interleave(2, 2).repeat_interleave(2, 3);
        }

        public void Dispose()
        {
        }
    }
}
