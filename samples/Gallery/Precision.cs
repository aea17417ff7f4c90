using System.Diagnostics;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>The type in which this machine runs the network faster: processors differ by factors either way.</summary>
internal static class Precision
{
    private const int Rows = 20;
    private const int Rounds = 3;

    public static ScalarType Faster(string weights) =>
        new[] { ScalarType.Float32, ScalarType.BFloat16 }.MinBy(dtype => Milliseconds(weights, dtype));

    private static double Milliseconds(string weights, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var network = DiT.Load(weights, new DiTOptions { DType = dtype });
        using var condition = Conditioning.Labels(new long[Rows]);
        var latents = zeros([Rows, .. network.Info.SampleSize]);
        var timestep = full([Rows], 500f);
        // The first forward chooses the operators' routes.
        return Enumerable.Range(0, Rounds + 1).Select(_ => Forward()).Skip(1).Min();

        double Forward()
        {
            using var inner = NewDisposeScope();
            var clock = Stopwatch.GetTimestamp();
            network.Predict(latents, timestep, condition, Evaluation.Plain(Rows));
            return Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        }
    }
}
