using Acceleration.Models;
using static TorchSharp.torch;
using Linear = Acceleration.Models.Linear;

namespace Acceleration.Tests.Models;

/// <summary>The layers against libtorch's own and against stored tables.</summary>
public sealed class LayerTests : ModelTest
{
    [Theory]
    [InlineData("dit_original", 4)]
    [InlineData("dit_original_nosigma", 4)]
    public void PositionsAreThePublishedTable(string fixture, long side)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var stored = file.Read("weights.pos_embed")[0];
        foreach (var rule in Enum.GetValues<PositionRule>())
        {
            var axis = SinCosPositions.Coordinates(rule, side, side);
            Assert.InRange(Difference(SinCosPositions.Table(stored.size(1), axis, axis), stored), 0, 1e-7);
        }
    }

    [Fact]
    public void ShorterAxesShareTheCoordinatesOfTraining()
    {
        Assert.Equal([0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5], SinCosPositions.Coordinates(PositionRule.Centres, 8, 16));
        Assert.Equal([0.0, 2, 4, 6, 8, 10, 12, 14], SinCosPositions.Coordinates(PositionRule.Corners, 8, 16));
    }

    [Fact]
    public void TheFirstHalfOfAPositionIsX()
    {
        var table = SinCosPositions.Table(8, [0, 1], [0, 5, 7]);

        Assert.Equal([6L, 8], table.shape);
        Assert.Equal(Math.Sin(5), table[1, 0].item<double>(), 12);
        Assert.Equal(Math.Cos(7), table[5, 2].item<double>(), 12);
        Assert.Equal(Math.Sin(1), table[3, 4].item<double>(), 12);
        Assert.Equal(1, table[2, 6].item<double>(), 12);
        Assert.Contains("multiple of 4", Assert.Throws<ArgumentException>(() => SinCosPositions.Table(10, [0], [0])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(1, 127)]
    public void SinusoidsAreCosinesThenSines(int shift, int divisor)
    {
        using var encoding = new Sinusoids(256, shift: shift);
        var sinusoids = encoding.Apply(tensor(new[] { 0f, 731.5f }), ScalarType.Float32);

        Assert.Equal([2L, 256], sinusoids.shape);
        foreach (var k in new[] { 0, 1, 64, 127 })
        {
            var phase = 731.5 * Math.Exp(-Math.Log(10000) * k / divisor);
            Assert.Equal(Math.Cos(phase), sinusoids[1, k].item<float>(), 1e-7);
            Assert.Equal(Math.Sin(phase), sinusoids[1, 128 + k].item<float>(), 1e-7);
        }
    }

    [Theory]
    [InlineData(3, 2, 8, 12)]
    [InlineData(4, 4, 16, 8)]
    public void APatchEmbeddingIsAStridedConvolutionAndAssemblingUndoesCutting(int channels, int patch, long height, long width)
    {
        var (kernel, bias, image) = (Normal(1, 20, channels, patch, patch), Normal(2, 20), Normal(3, 2, channels, height, width));
        var weights = new Named { ["p.weight"] = kernel, ["p.bias"] = bias };
        var tokens = PatchEmbedding.Read(weights, "p", channels, patch, 20).Apply(image);
        var convolved = nn.functional.conv2d(image, kernel, bias, strides: [patch, patch]).flatten(2).transpose(1, 2);
        Assert.InRange(Difference(tokens, convolved), 0, 1e-5);

        // An identity kernel orders a patch channels first; assembling wants channels last.
        var cells = patch * patch;
        var identity = eye(channels * cells, device: TestDevice.Current).view(channels, cells, channels * cells).permute(1, 0, 2).reshape(channels * cells, channels, patch, patch);
        var cut = PatchEmbedding.Read(new Named { ["p.weight"] = identity, ["p.bias"] = zeros(channels * cells).ToTestDevice() }, "p", channels, patch, channels * cells).Apply(image);
        Assert.Equal(0, Difference(PatchEmbedding.Assemble(cut, height / patch, width / patch, patch), image));
    }

    [Fact]
    public void AStackOfLayersGivesTheirOutputsSideBySide()
    {
        var (a, b) = (new Linear(Normal(1, 5, 7), Normal(2, 5)), new Linear(Normal(3, 2, 7), Normal(4, 2)));
        var x = Normal(5, 3, 4, 7);

        Assert.InRange(Difference(Linear.Stack(a, b).Apply(x), cat([a.Apply(x), b.Apply(x)], 2)), 0, 1e-6);
        Assert.Equal(ScalarType.Float64, new Linear(a.Weight.to(ScalarType.Float64), null).Apply(x).dtype);
        Assert.Throws<ArgumentException>(() => Linear.Stack(a, new Linear(b.Weight, null)));
    }

    [Fact]
    public void AModulatedNormIsNormTimesScalePlusShift()
    {
        var (x, shift, scale) = (Normal(1, 2, 3, 16) * 5, Normal(2, 2, 1, 16), Normal(3, 2, 1, 16));
        var norm = new LayerNorm(16, 0.5);
        var plain = (x - x.mean([2], keepdim: true)) / (x.var(2, unbiased: false, keepdim: true) + 0.5).sqrt();

        Assert.InRange(Difference(norm.Apply(x), plain), 0, 1e-5);
        Assert.InRange(Difference(norm.Modulated(x, shift, scale), (plain * scale) + shift), 0, 1e-5);
    }

    /// <summary>A modulation of two layers, of which the second part of each scales: held in bfloat16 its product is rounded, the sum with bias and 1 is not.</summary>
    [Fact]
    public void AModulationRoundsItsProductAlone()
    {
        var source = new Named
        {
            ["a.weight"] = Normal(1, 16, 8),
            ["a.bias"] = full(16, 1e-4f),
            ["b.weight"] = Normal(2, 16, 8),
            ["b.bias"] = full(16, 2e-4f),
        };
        var stack = new ModulationStack(8);
        Assert.Equal((0, 2), (stack.Add("a", 2, 1), stack.Add("b", 2, 1)));
        var x = Normal(3, 2, 8);
        var product = x.matmul(cat([source["a.weight"], source["b.weight"]], 0).t());
        var added = cat([full(8, 1e-4f), full(8, 1 + 1e-4f), full(8, 2e-4f), full(8, 1 + 2e-4f)], 0);

        var exact = stack.Read(source, ScalarType.Float32);
        var rounded = stack.Read(source, ScalarType.BFloat16);
        Assert.InRange(Difference(exact.Apply(x), product + added), 0, 1e-5);
        Assert.InRange(RelativeDifference(rounded.Apply(x), product + added), 1e-4, 1e-2);
        Assert.Equal(ScalarType.Float32, rounded.Apply(x).dtype);
        Assert.Equal(added.expand(2, 32).data<float>().ToArray(), rounded.Apply(zeros_like(x)).data<float>().ToArray());
        Assert.Equal(1e-4f, source["a.bias"][8].item<float>());
    }

    /// <summary>Weights by name.</summary>
    private sealed class Named : Dictionary<string, Tensor>, IWeightSource
    {
        public IReadOnlyList<long>? ShapeOf(string name) => TryGetValue(name, out var t) ? t.shape : null;

        public Tensor Take(string name, ReadOnlySpan<long> shape, ScalarType? dtype = null)
        {
            Assert.Equal(shape.ToArray(), this[name].shape);
            return this[name].to(dtype ?? ScalarType.Float32);
        }
    }
}
