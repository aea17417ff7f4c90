using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Forward passes of a UNet and of FLUX against the same networks in PyTorch, turn by turn in one run.</summary>
internal static class FamiliesCommand
{
    public const string What = "UNets and FLUX here and in Python's torch [--networks fashion-unet,sd-unet,flux] [--rounds 5] [--dtype ...] [--keep FOLDER of made weights]";

    // Of a short pass the first after the other process ran finds cold caches on either side and is not timed; a pass of seconds does not notice.
    private const double ShortPass = 300;
    private const int TimedShort = 3;

    public static int Run(Options options)
    {
        var (names, rounds, types, routes) = (
            options.Words("--networks", "fashion-unet", "sd-unet", "flux"), options.Number("--rounds", 5), options.Types(ScalarType.Float32, ScalarType.BFloat16), options.Flag("--routes"));
        var kept = options.Path("--keep");
        options.RequireAllRead();
        using var grad = no_grad();
        var python = PythonProcess.Find(out var reason);
        var table = Page.Table("network, dtype, rows", "C# ms", "Python ms", "C# / Python", "difference");
        Page.Machine(types);
        if (python is null)
        {
            Page.Line($"Without Python: {reason}.");
        }

        foreach (var name in names)
        {
            using var input = FamilyInput.Of(name, kept);
            using var other = python is null ? null : new PythonFamily(python, input);
            foreach (var dtype in types)
            {
                OperatorRoutes.Forget();
                using var network = input.Load(dtype);
                Page.Row(table, [$"{name}, {dtype}, {input.Rows}", .. Cells(network, dtype, input, other, rounds)]);
                if (routes)
                {
                    Page.Routes();
                }
            }
        }

        Page.Write(table);
        Page.Line("Medians, least and most in brackets; the ratio is of neighbouring passes. Difference: largest, relative to the largest value.");
        return 0;
    }

    private static string[] Cells(IDenoiser network, ScalarType dtype, FamilyInput input, PythonFamily? python, int rounds)
    {
        double Pass() => Turns.Time(() => input.Run(network).Dispose());

        // Chooses the operators' routes, and has the other side choose its own.
        Pass();
        var (untimed, timed) = Pass() < ShortPass ? (1, TimedShort) : (0, 1);
        python?.Time(dtype, 0, 0);
        var (mine, theirs) = (new double[rounds][], new double[rounds][]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < untimed; i++)
            {
                Pass();
            }

            mine[round] = [.. Enumerable.Range(0, timed).Select(_ => Pass())];
            theirs[round] = python?.Time(dtype, untimed, timed) ?? [];
        }

        var spread = Page.Range(Spread.Of([.. mine.SelectMany(t => t)]), "0.0");
        if (python is null)
        {
            return [spread, "-", "-", "-"];
        }

        using var output = input.Run(network);
        return
        [
            spread,
            Page.Range(Spread.Of([.. theirs.SelectMany(t => t)]), "0.0"),
            Page.Range(Turns.Ratio([.. mine.Select(t => Spread.Of(t).Median)], [.. theirs.Select(t => Spread.Of(t).Median)]), "0.00"),
            $"{python.Difference(dtype, output):0.0e+0}",
        ];
    }
}
