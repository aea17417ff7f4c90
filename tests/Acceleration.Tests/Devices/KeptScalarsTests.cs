using static TorchSharp.torch;

namespace Acceleration.Tests.Devices;

/// <summary>Numbers reach libtorch whole while other threads collect garbage.</summary>
public sealed class KeptScalarsTests : LiveTensorTest
{
    private const int Calls = 30_000;

    [Fact]
    public void StepsStandConstantCollections()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
            }
        });
        using var clean = zeros(4);
        using var noise = ones(4);
        var grid = new GridPoint(0, 0.25f, 0.75f);
        collector.Start();
        try
        {
            for (var i = 0; i < Calls; i++)
            {
                using var noised = Stage.AddNoise(clean, noise, grid);
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
