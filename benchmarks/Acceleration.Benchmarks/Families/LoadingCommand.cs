using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Resident memory while a sharded FLUX of few wide blocks is loaded, each time in a fresh process.</summary>
internal static class LoadingCommand
{
    public const string What = "resident memory while a sharded FLUX of random weights is loaded [--shards 4]";

    private const double Megabyte = 1 << 20;
    private static readonly FluxShapes Shapes = new(16, 1, 2);

    public static int Run(Options options)
    {
        var (of, shards, types) = (options.Path("--of"), options.Number("--shards", 4), options.Types(ScalarType.Float32, ScalarType.BFloat16));
        options.RequireAllRead();
        if (of is not null)
        {
            Console.WriteLine(Measured(of, types[0]));
            return 0;
        }

        var table = Page.Table("weights stored, held", "held MB", "peak growth MB", "growth ÷ held", "with a pass ÷ held", "whole process, peak MB");
        Page.Machine(types);
        foreach (var stored in types)
        {
            using var made = new MadeCheckpoint(Shapes.Parameters, Shapes.Config, stored, shards);
            foreach (var held in types)
            {
                var bytes = Held(held);
                var (peak, passed, whole) = Fresh(made.Path, held);
                Page.Row(table, $"{stored}, {held}", $"{bytes / Megabyte:0}", $"{peak / Megabyte:0}", $"{peak / bytes:0.00}", $"{passed / bytes:0.00}", $"{whole / Megabyte:0}");
            }
        }

        Page.Write(table);
        Page.Line("Held: weights of blocks and modulation in the type of the products, embedders in float32. Growth: peak of the resident size less its size before, with the runtime and libtorch loaded. A pass touches all weights that are views of the files.");
        return 0;
    }

    private static double Held(ScalarType held) => Shapes.Parameters.Sum(p =>
        p.Shape.Aggregate(1.0, (a, b) => a * b) * (held == ScalarType.BFloat16 && (p.Name.Contains("transformer_blocks", StringComparison.Ordinal) || p.Name.StartsWith("norm_out", StringComparison.Ordinal)) ? 2 : 4));

    private static (double Peak, double Passed, double Whole) Fresh(string path, ScalarType held)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["loading", "--of", path, "--dtype", held.ToString().ToLowerInvariant()]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var numbers = process.ExitCode == 0
            ? Array.ConvertAll(answer.Split(' '), n => double.Parse(n, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The process that loads ended with {process.ExitCode}.");
        return (numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Growth while loading, growth while loading and computing, and the peak of the whole process while loading, in bytes.</summary>
    private static string Measured(string path, ScalarType held)
    {
        using var grad = no_grad();
        using var input = FamilyInput.Flux("loading", path, 8, 16);
        IDenoiser network = null!;

        // The first network of a process brings its code along.
        using (var tiny = FamilyInput.TinyFlux())
        using (var first = tiny.Load(held))
        {
            tiny.Run(first).Dispose();
        }

        var before = (double)Resident.Now();
        var peak = Resident.Growth(() => network = input.Load(held));
        var whole = before + peak;
        var passed = Resident.Now() + Resident.Growth(() => input.Run(network).Dispose()) - before;
        network.Dispose();
        return FormattableString.Invariant($"{peak} {passed} {whole}");
    }
}
