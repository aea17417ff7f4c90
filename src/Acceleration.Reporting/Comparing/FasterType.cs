using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>The type in which this machine runs a network faster: processors differ by factors either way.</summary>
public static class FasterType
{
    private const int Rows = 20;
    private const int Rounds = 3;
    private const float Time = 500;

    /// <summary>Times a class-conditional network in float32 and bfloat16, on 20 rows of the size it was trained for.</summary>
    /// <param name="load">Loads it in a type; the network is disposed.</param>
    public static ScalarType Of(Func<ScalarType, IDenoiser> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return new[] { ScalarType.Float32, ScalarType.BFloat16 }.MinBy(dtype => Milliseconds(load, dtype));
    }

    private static double Milliseconds(Func<ScalarType, IDenoiser> load, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var network = load(dtype);
        using var condition = Conditioning.Labels(new long[Rows]);
        var latents = zeros([Rows, .. network.Info.SampleSize]);
        var timestep = full([Rows], Time);

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
