using Acceleration.Reporting;

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
        (string Text, AccelerationPlan Plan)[] plans = [.. settings.Plans.Select(p => (p, choice.Plan(p)))];
        OutputFolder.Require(settings.Folder);
        Runtime.Tune();
        var (network, dtype) = TypeOption.Load(settings.Model, settings.DType);
        using (network)
        {
            var labels = LabelsOption.For(network.Info, settings.Labels);
            var comparison = Of(network, choice, settings.Steps, plans).Title($"{network.Info.Name}, {dtype}").Repeats(settings.Repeats);
            using var condition = Conditioning.Labels(labels);
            var (report, page) = LiveReport.Run(terminal.ErrorConsole(), comparison, new() { Condition = condition, Seed = settings.Seed }, settings.Folder, terminal.Cancellation);
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
    }

    /// <summary>Numbers of steps below the baseline's; at least one.</summary>
    public static int[] Controls(int steps) => [.. ControlParts.Select(p => Math.Max(1, (int)Math.Round(p * steps))).Where(n => n < steps).Distinct()];

    private static Comparison Of(IDenoiser network, SamplerChoice choice, int steps, (string Text, AccelerationPlan Plan)[] plans)
    {
        var comparison = new Comparison($"{steps} steps", choice.Build(network, steps: steps));
        var staged = new StagedReferences(comparison, plan => choice.Build(network, plan, steps));
        foreach (var (text, plan) in plans)
        {
            var (sampler, reference) = (choice.Build(network, plan, steps), staged.Of(plan));
            comparison.Variant(plan.Name ?? text, sampler.Steps == 1 ? "1 step" : $"{sampler.Steps} steps", sampler, reference);
        }

        comparison.Controls(n => choice.Build(network, steps: n), Controls(steps));
        return LatentPictures.ArePictures([1, .. network.Info.SampleSize])
            ? comparison
            : comparison.Pixels(LatentRange, x => x.narrow(1, 0, x.size(1) < 3 ? 1 : 3));
    }

    /// <summary>Values of latents that are shown as black and white where there is no autoencoder.</summary>
    private static PixelRange LatentRange => new(-3, 3);
}
