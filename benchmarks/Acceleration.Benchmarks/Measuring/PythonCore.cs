using System.Globalization;

namespace Acceleration.Benchmarks;

/// <summary>
/// The processor that Python's OpenBLAS is told to compute for. It falls back to kernels of twenty years ago on processors newer than itself, and is then five times slower than it can be: the fastest of the kinds
/// that run here is a fair opponent.
/// </summary>
internal static class PythonCore
{
    private const string Product = """
        import time, torch
        a, b = torch.randn(1024, 1024), torch.randn(1024, 2048)
        best = 1e9
        for _ in range(6):
            start = time.perf_counter()
            a @ b
            best = min(best, time.perf_counter() - start)
        print(2 * 1024 * 1024 * 2048 / best / 1e9)
        """;

    private static readonly string[] Kinds = ["", "HASWELL", "ZEN", "SKYLAKEX", "SAPPHIRERAPIDS"];

    private static (string Python, string Kind)? _chosen;

    /// <summary>Value of OPENBLAS_CORETYPE; empty where OpenBLAS chooses best itself.</summary>
    public static string Of(string python)
    {
        if (_chosen is not { } chosen || chosen.Python != python)
        {
            var speeds = Kinds.Select(kind => (Kind: kind, Speed: Speed(python, kind))).ToArray();
            var own = speeds[0].Speed;

            // What differs by less is noise.
            var best = speeds.MaxBy(s => s.Speed) is var fastest && fastest.Speed > 1.1 * own ? fastest : speeds[0];
            Page.Line($"Python's float32 products: {own:0} GFLOP/s as OpenBLAS recognises this processor{(best.Kind.Length == 0 ? "" : $", {best.Speed:0} as {best.Kind}, which is used")}.");
            _chosen = chosen = (python, best.Kind);
        }

        return chosen.Kind;
    }

    // Kernels for instructions that the processor lacks end the process.
    private static double Speed(string python, string kind) =>
        double.TryParse(PythonProcess.Output(python, kind, Product), NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) ? speed : 0;
}
