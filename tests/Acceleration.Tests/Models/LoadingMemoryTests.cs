using Acceleration.Benchmarks;
using Acceleration.Models;
using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>A FLUX of 67 million weights in four shards: large beside what the runtime needs, small enough for a test.</summary>
public sealed class LoadingMemoryTests : LiveTensorTest
{
    private static readonly FluxShapes Shapes = new(8, 1, 2);

    [Theory]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    public void LoadingTakesAtMostAFifthMoreThanTheWeightsThatStay(ScalarType stored, ScalarType held)
    {
        PeakMemory.SkipWhereItIsNotKnown();
        using var noGradients = no_grad();
        using var made = new MadeCheckpoint(Shapes.Parameters, Shapes.Config, stored, 4);
        var size = Shapes.Parameters.Sum(p => p.Shape.Aggregate(1L, (x, y) => x * y) * (held == ScalarType.BFloat16 && IsHeldShort(p.Name) ? 2 : 4));
        Assert.InRange(size, 100L << 20, 400L << 20);

        // The measure sees what a loader must not do: as much again, for a moment.
        Assert.True(PeakMemory.Growth(() => ones(size / 4 * 5 / 4).Dispose()) > 1.2 * size);

        // The code is there before it is measured.
        Networks.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", "flux_dev.safetensors"), new() { DType = held }).Dispose();

        var growth = PeakMemory.Growth(() => Networks.Load(made.Path, new() { DType = held }).Dispose());

        Assert.True(growth <= 1.2 * size, $"{growth >> 20} MiB to load {size >> 20} MiB");
    }

    /// <summary>Blocks and modulation are held in the type of the products, embedders in float32.</summary>
    private static bool IsHeldShort(string name) => name.Contains("transformer_blocks", StringComparison.Ordinal) || name.StartsWith("norm_out", StringComparison.Ordinal);
}
