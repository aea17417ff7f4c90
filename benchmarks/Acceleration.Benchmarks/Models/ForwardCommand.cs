using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The forward pass of the sample DiT against the same network in PyTorch: turn by turn in one run, so that while one computes the other idles.</summary>
internal static class ForwardCommand
{
    public const string What = "sample DiT here and in Python's torch [--batches 1,8,20,40] [--rounds 7] [--dtype ...]";

    // Per turn: the first pass after the other process ran finds cold caches on either side and is not timed.
    private const int Timed = 3;

    public static int Run(Options options)
    {
        var (batches, rounds, types, routes) = (options.Numbers("--batches", 1, 8, 20, 40), options.Number("--rounds", 7), options.Types(ScalarType.Float32, ScalarType.BFloat16), options.Flag("--routes"));
        options.RequireAllRead();
        using var grad = no_grad();
        using var python = PythonForward.TryStart(SampleNetwork.Path, out var reason);
        var table = Page.Table("dtype, batch", ["C# ms", .. python is null ? Array.Empty<string>() : ["Python ms", "C# / Python", "max |difference|"]]);
        foreach (var dtype in types)
        {
            using var network = SampleNetwork.Load(dtype);
            if (dtype == types[0])
            {
                Page.Machine(network.Info, types);
                Page.Line(python is null ? $"Without Python: {reason}." : $"Python: torch and threads {python.Versions}");
            }

            foreach (var batch in batches)
            {
                using var input = SampleNetwork.Input(network.Info, batch);
                Page.Row(table, [$"{dtype}, {batch}", .. Cells(network, dtype, input, python, rounds)]);
            }
        }

        Page.Write(table);
        if (routes)
        {
            Page.Routes();
        }

        return 0;
    }

    private static IEnumerable<string> Cells(DiT network, ScalarType dtype, NetworkInput input, PythonForward? python, int rounds)
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

        yield return Page.Range(Spread.Of([.. mine.SelectMany(t => t)]), "0.0");
        if (python is null)
        {
            yield break;
        }

        using var output = input.Run(network);
        yield return Page.Range(Spread.Of([.. theirs.SelectMany(t => t)]), "0.0");
        yield return Page.Range(Turns.Ratio([.. mine.Select(Median)], [.. theirs.Select(Median)]), "0.00");
        yield return $"{python.Difference(dtype, output):0.0e+0}";
    }

    private static double Median(double[] times) => Spread.Of(times).Median;

    private static double Pass(DiT network, NetworkInput input) => Turns.Time(() => input.Run(network).Dispose());
}
