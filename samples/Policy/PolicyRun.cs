using System.Runtime.InteropServices;
using Acceleration.Models;

namespace Acceleration.Policy;

/// <summary>Tries every setting and writes the page.</summary>
internal static class PolicyRun
{
    private const int FirstScene = 0;
    private const int DrawnScenes = 4;
    private const int DrawnRollouts = 20;
    private const double Tolerance = 0.03;

    public static void Run(PolicyOptions options, string weights, CancellationToken cancellation)
    {
        using var policy = Networks.Load(weights);
        Episode[] episodes = [.. Enumerable.Range(FirstScene, options.Episodes).Select(seed => new Episode(Scene.Of(seed), seed))];
        Scene[] scenes = [.. Enumerable.Range(FirstScene, DrawnScenes).Select(Scene.Of)];
        var results = new List<Measured>();
        Setting[] settings = [.. Settings.For(policy, Path.Combine(AppContext.BaseDirectory, "plans")).Where((s, i) => i == 0 || options.Only.Count == 0 || options.Only.Any(o => s.Name.Contains(o, StringComparison.Ordinal)))];
        var milliseconds = ControlRate.Milliseconds([.. settings.Select(s => s.Sampler)], cancellation);
        foreach (var (setting, time) in settings.Zip(milliseconds))
        {
            results.Add(Measure(setting, time, episodes, scenes, cancellation));
            Console.WriteLine($"{setting.Name}: {ResultLines.Rows([results[^1]])[0][1]} arrived");
        }

        string[] findings = [.. ResultLines.Findings(results, Tolerance)];
        var shown = scenes.Select((scene, i) => (IReadOnlyList<Robot>)[.. Enumerable.Range(0, DrawnRollouts).Select(k => Demonstrated(scene, (i * DrawnRollouts) + k))]).ToArray();
        Console.WriteLine($"{Environment.NewLine}{ResultLines.Table(results)}{Environment.NewLine}");
        Array.ForEach(findings, Console.WriteLine);
        Directory.CreateDirectory(options.Out);
        var machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}.";
        File.WriteAllText(Path.Combine(options.Out, "policy.html"), ReportPage.Of(results, findings, scenes, shown, machine));
        File.WriteAllBytes(Path.Combine(options.Out, "policy.png"), TrajectoryPicture.Png(scenes, [shown, .. results.Where(r => r.Drawn.Count > 0).Select(r => r.Drawn)]));
        Console.WriteLine($"{Environment.NewLine}Page: {Path.GetFullPath(Path.Combine(options.Out, "policy.html"))}");
    }

    private static Measured Measure(Setting setting, double milliseconds, Episode[] episodes, Scene[] scenes, CancellationToken cancellation)
    {
        var controller = new Controller(setting.Sampler);
        var robots = Rollouts.Run(controller, episodes, cancellation);
        IReadOnlyList<IReadOnlyList<Robot>> drawn = [];
        if (setting.IsDrawn)
        {
            Episode[] tries = [.. scenes.SelectMany((scene, i) => Enumerable.Range(0, DrawnRollouts).Select(k => new Episode(scene, (i * DrawnRollouts) + k)))];
            drawn = [.. Rollouts.Run(new(setting.Sampler), tries, cancellation).Chunk(DrawnRollouts)];
        }

        return new(setting, robots, controller.EvaluationsPerPlan, milliseconds, drawn);
    }

    private static Robot Demonstrated(Scene scene, int seed)
    {
        var demonstrator = new Demonstrator(scene, seed);
        while (demonstrator.Robot.Outcome == Outcome.Running)
        {
            demonstrator.Step();
        }

        return demonstrator.Robot;
    }
}
