using System.Diagnostics;
using Acceleration.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Networks of published sizes with random weights, here and in PyTorch: on a GPU, or tiny on the CPU as a proof that both sides compute the same.</summary>
internal static class NetworksCommand
{
    public const string What = "DiT-XL/2-, FLUX- and Wan-sized here and in PyTorch, eager and compiled [--device cuda] [--scale full] [--networks dit,flux,wan] [--blocks n] [--rounds 10] [--dtype bfloat16] [--same]";

    private const string Method = """
        Passes of the three alternate; medians, smallest and largest. Host: milliseconds until the call returns, with the device still at work: while they are fewer than the
        pass takes, the host costs nothing. Difference: largest, relative to the largest value, where both sides hold the same weights (--scale tiny, --same, and the DiT).
        """;

    public static int Run(Options options)
    {
        var (device, scale, names) = (options.Word("--device", "cuda"), options.Word("--scale", "full", "tiny"), options.Words("--networks", "dit", "flux", "wan"));
        var (blocks, rounds, dtype, same) = (options.Number("--blocks", int.MaxValue), options.Number("--rounds", 10), options.Types(ScalarType.BFloat16)[0], options.Flag("--same"));
        options.RequireAllRead();
        using var grad = no_grad();
        InitializeDevice(torch.device(device));
        var sizes = (scale == "tiny" ? NetworkSize.Tiny : NetworkSize.Published).Where(s => names.Contains(s.Name)).Select(s => s with { Blocks = Math.Min(s.Blocks, blocks), Single = Math.Min(s.Single, blocks) });
        var python = PythonProcess.Find(out var reason);
        Page.Machine([dtype]);
        Page.Line(python is null ? $"Without Python: {reason}." : $"On {device}.");
        var table = Page.Table("network", "C# ms", "host ms", "eager ms", "compiled ms", "C# / eager", "C# / compiled", "difference");
        foreach (var size in sizes)
        {
            Page.Row(table, [size.ToString(), .. Cells(size, dtype, device, python, rounds, same || scale == "tiny")]);
        }

        Page.Write(table);
        Page.Line(Method);
        return 0;
    }

    private static string[] Cells(NetworkSize size, ScalarType dtype, string device, string? python, int rounds, bool same)
    {
        using var networks = new SizedNetworks(size, dtype, torch.device(device), same);
        using var other = python is null ? null : new PythonNetwork(python, networks, dtype, device);
        if (other is not null)
        {
            Page.Line($"{size.Name}: Python with {other.Versions}");
        }

        var (mine, host, eager, compiled) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var (whole, asked) = Pass(networks.Network, device);
            var (theirs, faster) = (other?.Time("eager", 1), other?.Time("compiled", 1));

            // The first round measures operators, compiles and fills caches.
            if (round > 0)
            {
                mine.Add(whole);
                host.Add(asked);
                eager.AddRange(theirs ?? []);
                compiled.AddRange(faster ?? []);
            }
        }

        using var output = networks.Network.Run();
        return
        [
            Page.Range(Spread.Of(mine), "0.0"), $"{Spread.Of(host).Median:0.0}", Cell(eager), Cell(compiled), Ratio(eager), Ratio(compiled),
            other is null || !networks.Same ? "-" : $"{other.Difference(output):0.0e+0}",
        ];

        string Ratio(List<double> times) => times.Count == 0 ? "-" : Page.Range(Turns.Ratio([.. mine], [.. times]), "0.00");
        static string Cell(List<double> times) => times.Count == 0 ? "-" : Page.Range(Spread.Of(times), "0.0");
    }

    private static (double Whole, double Host) Pass(ISizedNetwork network, string device)
    {
        var start = Stopwatch.GetTimestamp();
        using var output = network.Run();
        var host = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (device.StartsWith("cuda", StringComparison.Ordinal))
        {
            cuda.synchronize(torch.device(device));
        }

        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, host);
    }
}
