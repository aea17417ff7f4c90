using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Every decision with every approximation on the sample DiT. Results are added to a file run by run; a run that is there is not made again.</summary>
internal static class CombinationsCommand
{
    public const string What = "decision x approximation on the sample DiT, into a file [--out artifacts/combinations.jsonl] [--seed 1]";

    private const int Steps = 50;
    private static readonly int[] Fewer = [33, 25, 20, 16, 14, 12, 10];
    private static readonly long[] Labels = [0, 3, 5, 8];

    public static int Run(Options options)
    {
        var (file, seed) = (options.Path("--out") ?? Path.Combine("artifacts", "combinations.jsonl"), options.Number("--seed", 1));
        options.RequireAllRead();

        // In float32 a tag gives the same numbers on other machines, too, but for roundings.
        using var network = SampleNetwork.Load(ScalarType.Float32);
        var known = new Dictionary<string, CombinationRun>();
        if (File.Exists(file))
        {
            var made = CombinationFile.Read(file);
            RequireSame(made.Setup, file, network, seed);
            known = made.Runs.DistinctBy(r => r.Tag).ToDictionary(r => r.Tag);
        }
        else
        {
            CombinationFile.Begin(file, new(network.Info.Name, $"{ScalarType.Float32}", Plain(network, Steps), seed, Labels, MachineInfo.Describe(network.Info)));
        }

        var setup = CombinationFile.Read(file).Setup;
        using var study = new CombinationStudy(network, setup);
        foreach (var steps in Fewer)
        {
            Once(CombinationRun.FewerSteps, "", Plain(network, steps));
        }

        foreach (var decision in CombinationGrid.Decisions)
        {
            foreach (var (name, how) in CombinationGrid.Approximations)
            {
                double[] made = [.. known.Values.Where(r => r.Decision == decision.Name && r.Approximation == name).Select(r => r.Speedup)];
                decision.Sweep(made, when => Once(decision.Name, name, Settings.Sampler(network, Steps, decision.At(when, how)).Tag).Speedup);
            }
        }

        Print(CombinationFile.Read(file).Runs);
        return 0;

        CombinationRun Once(string decision, string approximation, string tag)
        {
            if (!known.TryGetValue(tag, out var run))
            {
                known[tag] = run = study.Run(decision, approximation, tag);
                CombinationFile.Add(file, run);
                Page.Line($"{DateTime.Now:HH:mm:ss} {run.Speedup:0.00}x {run.Psnr:0.0} dB {tag}");
            }

            return run;
        }
    }

    private static string Plain(IDenoiser network, int steps) => Settings.Sampler(network, steps).Tag;

    private static void RequireSame(CombinationSetup setup, string file, IDenoiser network, int seed)
    {
        if (setup.Network != network.Info.Name || setup.Baseline != Plain(network, Steps) || setup.Seed != seed || !setup.Labels.SequenceEqual(Labels))
        {
            throw new FormatException($"{file} holds another study ({setup.Network}, {setup.Baseline}, seed {setup.Seed}): name another file.");
        }
    }

    private static void Print(IReadOnlyList<CombinationRun> runs)
    {
        foreach (var map in new double[] { 2, 3, 4 }.Select(s => new CombinationMap(runs, s)))
        {
            var table = Page.Table($"at least {map.Speedup}x, fewer steps {map.Control?.Psnr:0.0} dB", [.. map.Approximations]);
            foreach (var decision in map.Decisions)
            {
                Page.Row(table, [decision, .. map.Approximations.Select(a => map[decision, a] is { } best ? $"{best.Psnr:0.0}" : "-")]);
            }

            Page.Write(table);
        }
    }
}
