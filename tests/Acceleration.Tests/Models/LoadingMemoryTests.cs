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
        var size = (held == ScalarType.BFloat16 ? 2 : 4) * made.Parameters;
        Assert.InRange(size, 100L << 20, 400L << 20);

        // The code is there before it is measured.
        Networks.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", "flux_dev.safetensors"), new() { DType = held }).Dispose();

        var growth = PeakMemory.Growth(() => Networks.Load(made.Path, new() { DType = held }).Dispose());

        Assert.InRange(growth / (double)size, stored == held ? 0 : 0.7, 1.2);
    }
}
