using System.Diagnostics;
using System.Globalization;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Records, fits, tries the result on samples that were not recorded, and writes plan and picture.</summary>
internal sealed class CalibrateRun(Terminal terminal, CalibrateSettings settings, CalibrationSubject subject)
{
    /// <summary>Samples recorded together where nothing else is said.</summary>
    private const int UsualBatch = 4;

    /// <param name="terminal">Where results go.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="whole">What is asked of a whole model; null for a network alone.</param>
    public static int Start(Terminal terminal, CalibrateSettings settings, ModelSettings? whole)
    {
        var plan = settings.Plan is null ? null : settings.Sampler.Plan(settings.Plan);
        RequireFile(settings.File);
        OperatorRoutes.PinNative();
        Runtime.Tune();
        using CalibrationSubject subject = whole is null ? new NetworkSubject(settings, plan) : new ModelSubject(settings, whole, plan);
        new CalibrateRun(terminal, settings, subject).Run();
        return 0;
    }

    private void Run()
    {
        var calibrator = settings.Method.Begin(subject.Describe(), settings.Tuning, settings.Memory);
        var begun = Stopwatch.GetTimestamp();
        var batch = Batch(calibrator);
        Record(calibrator, batch);
        var learned = calibrator.Learn();
        var more = calibrator.LearnMore().ToArray();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        (string File, Learned Learned)[] all = [(settings.File, learned), .. more.Select(m => (settings.FileOf(m.Name), m.Learned))];
        CalibrateReport[] reports = [.. all.Select(l => Write(calibrator, l.File, l.Learned, batch, seconds))];
        Tell(reports[0] with { More = more.Length == 0 ? null : reports[1..] });
    }

    /// <summary>Tries a plan and writes it with its picture.</summary>
    private CalibrateReport Write(Calibrator calibrator, string file, Learned learned, int batch, double seconds)
    {
        var plan = calibrator.Plan(learned.Strategy);

        // What cannot run is not written.
        var trial = Try(plan, calibrator.Plain, Math.Min(batch, settings.Samples));
        var picture = CalibrateSettings.PictureOf(file);
        WholeFile.Write(picture, CurvePicture.Png(learned.Curve));
        plan.Save(file);
        return new()
        {
            Plan = file,
            Picture = picture,
            Method = settings.Method.Name,
            Network = subject.Name,
            Sampler = calibrator.Plain.Tag,
            Strategy = learned.Strategy.Tag,
            Samples = settings.Samples,
            Seconds = seconds,
            Measured = learned.Measured,
            Budget = learned.Budget,
            Check = trial,
        };
    }

    /// <summary>Samples at a time: as many as the memory holds, a few at most, unless they are given.</summary>
    private int Batch(Calibrator calibrator)
    {
        if (settings.Batch is { } given)
        {
            return given;
        }

        var one = 0L;
        subject.Ask(0, 1, request => one = calibrator.BytesOf(request, terminal.Cancellation));
        return (int)Math.Clamp(settings.Memory / Math.Max(1, one), 1, UsualBatch);
    }

    private void Record(Calibrator calibrator, int batch)
    {
        var requests = (settings.Samples + batch - 1) / batch;
        using var bar = new StepBar(terminal, "recording", requests * calibrator.StepsOfRequest);
        for (var first = 0; first < settings.Samples; first += batch)
        {
            subject.Ask(first, Math.Min(batch, settings.Samples - first), request => calibrator.Record(request, () => bar.Step(), terminal.Cancellation));
        }
    }

    private CalibrateReport.Trial Try(AccelerationPlan plan, Sampler plain, int samples)
    {
        var sampler = subject.Describe().Plan(plan).Build();
        CalibrateReport.Trial? trial = null;
        subject.Ask(settings.Samples, samples, request =>
        {
            using var scope = NewDisposeScope();
            using var full = plain.Generate(request, cancellation: terminal.Cancellation);
            using var fast = sampler.Generate(request, cancellation: terminal.Cancellation);
            var (expected, actual) = (full.Latents.to(ScalarType.Float32), fast.Latents.to(ScalarType.Float32));
            trial = new(samples, fast.Trace.FullMultiplyAdds / fast.Trace.MultiplyAdds, fast.Trace.Evaluations, fast.Trace.FullEvaluations, ((actual - expected).norm() / expected.norm()).cpu().item<float>());
        });
        return trial!;
    }

    /// <summary>Proves that plan and picture can be written, before minutes are spent on them.</summary>
    private static void RequireFile(string file)
    {
        if (!file.EndsWith(".json", StringComparison.Ordinal) || Directory.Exists(file))
        {
            throw new ToolException($"--output '{file}': a plan is a file whose name ends in .json.");
        }

        OutputFolder.Require(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    private void Tell(CalibrateReport report)
    {
        if (settings.Json)
        {
            terminal.Out.WriteLine(ToolJson.Of(report));
            return;
        }

        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Network}, {report.Sampler}: {report.Samples} {(report.Samples == 1 ? "sample" : "samples")} in {report.Seconds:0.0} s for {report.Method}."));
        foreach (var one in (report.More ?? []).Prepend(report))
        {
            var check = one.Check;
            terminal.Out.WriteLine($"  measured  {one.Measured}");
            terminal.Out.WriteLine($"  budget    {one.Budget}");
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  tried     on {check.Samples} other {(check.Samples == 1 ? "sample" : "samples")}: {check.ArithmeticSpeedup:0.00} times less arithmetic, {check.Evaluations:0.#} of {check.FullEvaluations:0.#} evaluations, latents off by {check.Relative:0.00%}"));
            terminal.Out.WriteLine($"{one.Plan} and {one.Picture} written.");
        }
    }
}
