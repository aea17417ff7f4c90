using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Measures plans against the plain sampler, and against the plain sampler with fewer steps: what costs no more than that must look better.</summary>
internal static class CompareRun
{
    /// <summary>Steps of the controls as parts of the baseline's.</summary>
    private static readonly double[] ControlParts = [0.66, 0.5, 0.4, 0.32, 0.24, 0.16];

    public static int Start(Terminal terminal, CompareSettings settings)
    {
        // A plan without noise levels of its own has the baseline's steps, which the option states for all.
        // Broken pictures are counted in the table; the other plans are still compared.
        var choice = new SamplerChoice(null, settings.Guidance, settings.Force) { NonFinite = NonFinite.Ignore };
        var plans = Plans(choice, settings);
        OutputFolder.Require(settings.Folder);
        Runtime.Tune();
        var (network, dtype) = TypeOption.Load(settings.Model, settings.DType, settings.Onnx);
        using (network)
        {
            using var asked = NetworkConditions.Of(network, settings.Labels, settings.Conditions, settings.Count);
            OnnxNetwork.RequirePictures(network, settings.Model);
            var comparison = Of((plan, steps) => choice.Build(network, plan, steps), settings.Steps ?? SamplerChoice.UsualSteps, [.. plans, .. Presets(settings, network.Info)]).Title($"{network.Info.Name}, {dtype}").Repeats(settings.Repeats);
            if (!LatentPictures.ArePictures([1, .. network.Info.SampleSize]))
            {
                comparison.Pixels(LatentRange, Shown);
            }

            var code = 0;
            asked.Ask(0, asked.Count, settings.Seed, request => code = Run(terminal, settings, comparison, request));
            return code;
        }
    }

    /// <summary>The plans, each with the text that it was given as.</summary>
    /// <exception cref="ToolException">One is none, or says what an option says too.</exception>
    public static (string Text, AccelerationPlan Plan)[] Plans(SamplerChoice choice, CompareSettings settings) => [.. settings.Plans.Select(p => (p, choice.Plan(p)))];

    /// <summary>The presets' plans for a network, each with the name and the tag by which it is made again.</summary>
    public static IEnumerable<(string Text, AccelerationPlan Plan)> Presets(CompareSettings settings, DenoiserInfo network) =>
        settings.Presets.Select(p => (p, Plan: p.For(network))).Select(p => ($"{p.p}: {p.Plan}", p.Plan));

    /// <summary>The baseline, the plans with the stages that they are stacked on, and the baseline with fewer steps.</summary>
    /// <param name="build">Makes the sampler of a plan, or for null the plain one, with a number of steps where the plan says none.</param>
    /// <param name="steps">Steps of the baseline.</param>
    /// <param name="plans">The plans.</param>
    public static Comparison Of(Func<AccelerationPlan?, int, Sampler> build, int steps, IReadOnlyList<(string Text, AccelerationPlan Plan)> plans)
    {
        var comparison = new Comparison(Counted(steps), build(null, steps));
        var staged = new StagedReferences(comparison, plan => build(plan, steps));
        foreach (var (text, plan) in plans)
        {
            var (sampler, reference) = (build(plan, steps), staged.Of(plan));
            comparison.Variant(plan.Name ?? text, Counted(sampler.Steps), sampler, reference);
        }

        return comparison.Controls(n => build(null, n), Controls(steps));
    }

    /// <summary>Runs it, and writes table and report.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Terminal terminal, CompareSettings settings, Comparison comparison, SamplingRequest request)
    {
        var (report, page) = LiveReport.Run(terminal.ErrorConsole(), comparison, request, settings.Folder, terminal.Cancellation);
        if (settings.Json)
        {
            terminal.Out.WriteLine(report.ToJson());
        }
        else
        {
            var console = terminal.Console();
            console.Write(ComparisonTable.Of(report, console.Profile.Width));
            terminal.Out.WriteLine($"Report: {page}");
        }

        if (report.Complete)
        {
            return 0;
        }

        terminal.Error.WriteLine($"Stopped: the report holds {report.Rows.Count} of {comparison.Count} samplers, measured {report.Sweeps} of {settings.Repeats} times.");
        return Terminal.Stopped;
    }

    /// <summary>Numbers of steps below the baseline's; at least one.</summary>
    public static int[] Controls(int steps) => [.. ControlParts.Select(p => Math.Max(1, (int)Math.Round(p * steps))).Where(n => n < steps).Distinct()];

    /// <summary>Values of latents that are shown as black and white where there is no autoencoder.</summary>
    public static PixelRange LatentRange => new(-3, 3);

    /// <summary>What is shown of latents where there is no autoencoder: three channels, or one.</summary>
    public static Tensor Shown(Tensor latents) => latents.narrow(1, 0, latents.size(1) < 3 ? 1 : 3);

    private static string Counted(int steps) => steps == 1 ? "1 step" : $"{steps} steps";
}
