using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The forward pass of the sample DiT, and of one wide block, against the same network in PyTorch: turn by turn in one run, so that while one computes the other idles.
/// Beside it what the pass costs outside of libtorch.
/// </summary>
internal static class ForwardCommand
{
    public const string What = "sample DiT and a wide block here and in Python's torch, and the host's share [--batches 1,8,20] [--wide 1024,4096] [--rounds 7] [--dtype ...]";

    private const int Width = 1152;

    // Per turn: the first pass after the other process ran finds cold caches on either side and is not timed.
    private const int Timed = 3;

    public static int Run(Options options)
    {
        var (batches, wide, rounds) = (options.Numbers("--batches", 1, 8, 20), options.Numbers("--wide", 1024, 4096), options.Number("--rounds", 7));
        var (types, routes) = (options.Types(ScalarType.Float32, ScalarType.BFloat16), options.Flag("--routes"));
        options.RequireAllRead();
        using var grad = no_grad();
        var python = PythonProcess.Find(out var reason);
        var table = Page.Table("network, dtype, rows", "C# ms", "Python ms", "C# / Python", "max |difference|", "calls", "host ns per call", "outside libtorch");
        Page.Machine(types);
        if (python is null)
        {
            Page.Line($"Without Python: {reason}.");
        }

        Time(table, "sample", SampleNetwork.Path, int.MaxValue, batches, rounds, types, routes);
        foreach (var tokens in wide)
        {
            using var checkpoint = ResizedCheckpoint.Random(Width, 2 * (int)Math.Sqrt(tokens), 1);
            Time(table, $"block, {tokens} tokens", checkpoint.Path, 1, [1], rounds, types, routes);
        }

        Page.Write(table);
        return 0;
    }

    private static void Time(Spectre.Console.Table table, string name, string checkpoint, int blocks, int[] batches, int rounds, ScalarType[] types, bool routes)
    {
        using var python = PythonForward.TryStart(checkpoint, out _);
        using var tiny = ResizedCheckpoint.Tiny(blocks);
        foreach (var dtype in types)
        {
            using var network = DiT.Load(checkpoint, new() { DType = dtype });
            foreach (var batch in batches)
            {
                // So that what is described afterwards are the routes of this size.
                OperatorRoutes.Forget();
                using var input = SampleNetwork.Input(network.Info, batch);
                var (mine, cells) = Against(network, dtype, input, python, rounds);
                if (routes)
                {
                    Page.Routes();
                }

                var cost = HostCost.Measure(() => input.Run(network).Dispose(), tiny, dtype, batch);
                Page.Row(table, [$"{name}, {dtype}, {batch}", .. cells, $"{cost.Calls}", $"{cost.PerCall * 1e3:0}", $"{cost.Managed / mine / 10:0.00} %"]);
            }
        }
    }

    private static (double Median, string[] Cells) Against(DiT network, ScalarType dtype, NetworkInput input, PythonForward? python, int rounds)
    {
        python?.Give(input);
        var (mine, theirs) = (new double[rounds][], new double[rounds][]);

        // Chooses the operators' routes, and has the other side choose its own.
        Pass(network, input);
        python?.Time(dtype, input.Rows, 1);
        for (var round = 0; round < rounds; round++)
        {
            Pass(network, input);
            mine[round] = [.. Enumerable.Range(0, Timed).Select(_ => Pass(network, input))];
            theirs[round] = python?.Time(dtype, input.Rows, Timed) ?? [];
        }

        var spread = Spread.Of([.. mine.SelectMany(t => t)]);
        if (python is null)
        {
            return (spread.Median, [Page.Range(spread, "0.0"), "-", "-", "-"]);
        }

        using var output = input.Run(network);
        return (spread.Median,
        [
            Page.Range(spread, "0.0"),
            Page.Range(Spread.Of([.. theirs.SelectMany(t => t)]), "0.0"),
            Page.Range(Turns.Ratio([.. mine.Select(Median)], [.. theirs.Select(Median)]), "0.00"),
            $"{python.Difference(dtype, output):0.0e+0}",
        ]);
    }

    private static double Median(double[] times) => Spread.Of(times).Median;

    private static double Pass(DiT network, NetworkInput input) => Turns.Time(() => input.Run(network).Dispose());
}
