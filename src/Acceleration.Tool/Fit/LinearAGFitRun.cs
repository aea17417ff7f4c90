using System.Diagnostics;
using System.Globalization;

namespace Acceleration.Tool;

/// <summary>Samples trajectories of full guidance, fits, and writes the plan.</summary>
internal static class LinearAGFitRun
{
    public static int Start(Terminal terminal, LinearAGSettings settings)
    {
        var plan = settings.Plan is null ? null : settings.Sampler.Plan(settings.Plan);
        FitTrajectories.RequireFile(settings.File);
        OperatorRoutes.PinNative();
        Runtime.Tune();
        var (network, _) = TypeOption.Load(settings.Model, settings.DType, settings.Onnx);
        using (network)
        {
            var classes = FitTrajectories.Classes(network, settings.Labels);
            var builder = settings.Sampler.Describe(network, plan, settings.Steps);
            var sampler = builder.Build();
            var calibration = LinearAGCalibration.For(builder);
            var begun = Stopwatch.GetTimestamp();
            FitTrajectories.Record(terminal, settings, classes, request => calibration.Record(request, terminal.Cancellation));
            var fitted = calibration.Fit.FitAll(settings.Fit);
            calibration.Plan(settings.Fit).Save(settings.File);
            Write(terminal, settings, new()
            {
                Plan = settings.File,
                Network = network.Info.Name,
                Sampler = sampler.Tag,
                Trajectories = calibration.Fit.Trajectories,
                Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds,
                Evaluations = sampler.Steps + (sampler.Steps / 2) - fitted.Count(f => f.Weights.Step < sampler.Steps / 2),
                FullEvaluations = 2 * sampler.Steps,
                Steps = [.. fitted.Select(f => new LinearAGReport.Step(f.Weights.Step, f.Rms, f.Relative, f.Weights.Conditional.Count + f.Weights.Unconditional.Count))],
            });
        }

        return 0;
    }

    private static void Write(Terminal terminal, LinearAGSettings settings, LinearAGReport report)
    {
        if (settings.Json)
        {
            terminal.Out.WriteLine(ToolJson.Of(report));
            return;
        }

        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Network}, {report.Sampler}: {report.Trajectories} trajectories in {report.Seconds:0.0} s, {report.Evaluations} evaluations instead of {report.FullEvaluations}."));
        foreach (var step in report.Steps)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  step {step.Index,3}: {step.Terms,3} terms, error {step.Relative:0.0000%} of the prediction (rms {step.Rms:0.00000})"));
        }

        terminal.Out.WriteLine($"{report.Plan} written.");
    }
}
