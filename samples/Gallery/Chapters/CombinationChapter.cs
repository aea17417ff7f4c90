using Acceleration.Models;
using Acceleration.Reporting;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>Every decision with every approximation on the sample DiT, from the runs that <c>eng/combinations.sh</c> recorded; the best of them are made again.</summary>
internal static class CombinationChapter
{
    public const string Name = "combinations";
    private static readonly double[] Speedups = [2, 3, 4];

    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation)
    {
        var file = CombinationFile.Read(Path.Combine(AppContext.BaseDirectory, "results", "combinations.jsonl"));
        CombinationMap[] maps = [.. Speedups.Select(s => new CombinationMap(file.Runs, s))];
        using var network = DiT.Load(Path.Combine(weights, "fashion-dit.safetensors"), new NetworkOptions { DType = options.DType ?? Enum.Parse<ScalarType>(file.Setup.DType), Device = device(options.Device) });
        using var study = new CombinationStudy(network, file.Setup, cancellation);
        var again = new List<(CombinationRun Recorded, CombinationRun Now)>();
        foreach (var recorded in Chosen(maps))
        {
            var now = study.Run(recorded.Decision, recorded.Approximation, recorded.Tag);
            again.Add((recorded, now));
            Console.WriteLine(Invariant($"{recorded.Decision}, {recorded.Approximation}: {recorded.Speedup:0.00}x {recorded.Psnr:0.00} dB as recorded, {now.Speedup:0.00}x {now.Psnr:0.00} dB now"));
        }

        foreach (var finding in maps.SelectMany(CombinationFindings.Of))
        {
            Console.WriteLine($"\n{finding}");
        }

        Console.WriteLine($"\nReport: {CombinationPage.Write(options.Out, file, maps, again)}");
        return 0;
    }

    /// <summary>Of each map the best cell, and the best of another decision and another approximation.</summary>
    private static IEnumerable<CombinationRun> Chosen(IEnumerable<CombinationMap> maps)
    {
        foreach (var ranking in maps.Select(m => m.Ranking).Where(r => r.Count > 0))
        {
            yield return ranking[0];
            if (ranking.FirstOrDefault(r => r.Decision != ranking[0].Decision && r.Approximation != ranking[0].Approximation) is { } other)
            {
                yield return other;
            }
        }
    }
}
