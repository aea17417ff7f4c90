using Acceleration.Reporting;
using Spectre.Console;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Whole requests with each strategy: what it gains, what its arithmetic promises, how far its pictures are from the baseline's, and what fewer steps would give.</summary>
internal static class StrategiesCommand
{
    public const string What = "whole requests: realised and arithmetic speed-up, PSNR, fewer-steps control [--repeats 3] [--steps 50] [--samples 8] [--dtype float32]";

    private const string Method = """
        Every run of a setting directly follows a run of the baseline; speed-ups are medians of these pairs. Arithmetic: multiply-adds of the baseline over those
          executed. Control: the plain sampler with as many steps as the multiply-adds of the setting would pay for. PSNR against the baseline's pictures.
        """;

    public static int Run(Options options)
    {
        var (repeats, steps, samples, types, routes) = (options.Number("--repeats", 3), options.Number("--steps", 50), options.Number("--samples", 8), options.Types(ScalarType.Float32), options.Flag("--routes"));
        options.RequireAllRead();
        foreach (var dtype in types)
        {
            using var network = SampleNetwork.Load(dtype);
            using var condition = SampleNetwork.Labels(network.Info, samples);
            Page.Machine(network.Info, [dtype]);
            var table = Page.Table($"{samples} samples, {steps} steps", "realised", "arithmetic", "realised ÷ arithmetic", "PSNR dB", "control steps", "control speed-up", "control PSNR dB");
            var baseline = Settings.Sampler(network, steps);
            using var reference = Request.Run(baseline, condition);
            foreach (var (name, strategies) in Settings.All(steps))
            {
                Console.Error.WriteLine($"measuring {name}");
                Measure(table, name, (baseline, reference), Settings.Sampler(network, steps, strategies), condition, repeats);
            }

            Page.Write(table);
        }

        Page.Line(Method);
        if (routes)
        {
            Page.Routes();
        }

        return 0;
    }

    private static void Measure(Table table, string name, (Sampler Sampler, Request Request) baseline, Sampler sampler, Conditioning condition, int repeats)
    {
        // Unmeasured: guidance that ends shrinks the batch, whose shapes have routes of their own to choose.
        using var first = Request.Run(sampler, condition);
        var arithmetic = first.Trace.ArithmeticSpeedup(baseline.Request.Trace);
        var steps = Math.Max(1, (int)Math.Round(baseline.Sampler.Steps / arithmetic));
        var fewer = Settings.Sampler(baseline.Sampler.Denoiser, steps);
        using var control = Request.Run(fewer, condition);
        var (realised, controlled) = (new double[repeats], new double[repeats]);
        for (var i = 0; i < repeats; i++)
        {
            var whole = Seconds(baseline.Sampler);
            realised[i] = whole / Seconds(sampler);
            controlled[i] = whole / Seconds(fewer);
        }

        var gain = Spread.Of(realised);
        Page.Row(
            table, name, Page.Range(gain, "0.00"), $"{arithmetic:0.00}", $"{gain.Median / arithmetic:0.00}", $"{first.Psnr(baseline.Request):0.0}",
            $"{steps}", Page.Range(Spread.Of(controlled), "0.00"), $"{control.Psnr(baseline.Request):0.0}");

        double Seconds(Sampler s)
        {
            using var request = Request.Run(s, condition);
            return request.Seconds;
        }
    }
}
