using System.Diagnostics;
using System.Globalization;

namespace Acceleration.Tool;

/// <summary>Samples trajectories of full evaluation, searches, fits, and writes the plan.</summary>
internal static class ForecastFitRun
{
    private const int Seventh = 7;

    public static int Start(Terminal terminal, ForecastSettings settings)
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
            using var calibration = ForecastCalibration.For(builder);
            var evaluations = settings.Evaluations ?? Math.Max(1, calibration.FullEvaluations / Seventh);
            if (evaluations >= calibration.FullEvaluations)
            {
                throw new ToolException($"--evaluations {evaluations}: without a forecast there are {calibration.FullEvaluations}; ask for fewer.");
            }

            var begun = Stopwatch.GetTimestamp();
            FitTrajectories.Record(terminal, settings, classes, request => calibration.Record(request, terminal.Cancellation));
            var fit = Search(terminal, settings, calibration, evaluations);
            calibration.Plan(fit.Forecast).Save(settings.File);
            Write(terminal, settings, new()
            {
                Plan = settings.File,
                Network = network.Info.Name,
                Sampler = builder.Build().Tag,
                Trajectories = calibration.Trajectories,
                Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds,
                Evaluations = evaluations,
                FullEvaluations = calibration.FullEvaluations,
                Steps = [.. fit.Steps.Select(s => s.ToString())],
                Decibels = fit.Decibels,
            });
        }

        return 0;
    }

    private static ForecastFit Search(Terminal terminal, ForecastSettings settings, ForecastCalibration calibration, int evaluations)
    {
        using var bar = new StepBar(terminal, "searching", settings.Tries);
        return calibration.Search(evaluations, tries: settings.Tries, progress: new Steps(bar), cancellation: terminal.Cancellation);
    }

    private static void Write(Terminal terminal, ForecastSettings settings, ForecastReport report)
    {
        if (settings.Json)
        {
            terminal.Out.WriteLine(ToolJson.Of(report));
            return;
        }

        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{report.Network}, {report.Sampler}: {report.Trajectories} trajectories in {report.Seconds:0.0} s, {report.Evaluations} evaluations instead of {report.FullEvaluations}."));
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  steps {string.Join(", ", report.Steps)} (c: the condition alone), {report.Decibels:0.0} dB on these trajectories"));
        terminal.Out.WriteLine($"{report.Plan} written.");
    }

    /// <summary>Told on this thread, in the search.</summary>
    private sealed class Steps(StepBar bar) : IProgress<ForecastSearchProgress>
    {
        public void Report(ForecastSearchProgress value) => bar.Step();
    }
}
