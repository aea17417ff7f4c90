using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>KDPM2 with ancestral noise has no recording: here it is derived anew, in double and with the reference's own lists of interleaved levels.</summary>
public sealed class Kdpm2AncestralTests
{
    private const int Steps = 8;

    [Theory]
    [InlineData(SigmaShape.Plain, PredictionType.Epsilon)]
    [InlineData(SigmaShape.Karras, PredictionType.Velocity)]
    [InlineData(SigmaShape.Exponential, PredictionType.Epsilon)]
    public void TheReferencesListsGiveTheSame(SigmaShape shape, PredictionType type)
    {
        using var scope = NewDisposeScope();
        var name = shape == SigmaShape.Plain ? "" : $", \"use_{shape.ToString().ToLowerInvariant()}_sigmas\": true";
        var scheduler = Scheduler.FromConfig($$"""
            { "_class_name": "KDPM2AncestralDiscreteScheduler", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "prediction_type": "{{(type == PredictionType.Epsilon ? "epsilon" : "v_prediction")}}"{{name}} }
            """);
        var grid = scheduler.Schedule(Steps);
        var (told, drawn) = (new List<double>(), new List<int>());
        var x = randn([1, 2, 3, 3], generator: new Generator(3)) * grid.InitialNoiseScale;

        var actual = Loop.Run(grid, scheduler.Solver, x, Net, scheduler.Prediction, noise: i =>
        {
            drawn.Add(i);
            return Draw(i);
        });
        for (var k = 0; k < Steps; k++)
        {
            told.AddRange(Enumerable.Range(0, scheduler.Solver.Calls(grid, k)).Select(c => scheduler.Solver.Input(SolverState.Start(x), grid, k, c).At.Time));
        }

        var (expected, times) = Reference(x, shape, type);
        Assert.Equal(times.Length, told.Count);
        Assert.All(times.Zip(told), t => Assert.Equal(t.First, t.Second, 1e-6 + (1e-5 * t.First)));
        Assert.Equal([1, 3, 5, 7, 9, 11, 13], drawn);
        Loop.Close(expected, actual, 1e-5, "KDPM2 ancestral");
    }

    private static (Tensor End, double[] Times) Reference(Tensor sample, SigmaShape shape, PredictionType type)
    {
        double[] table = [.. NoiseTableTests.StableDiffusionTable.SigmaRatios.Select(s => (double)s)];
        double[] times = [.. Enumerable.Range(0, Steps).Select(i => 999.0 * (Steps - 1 - i) / (Steps - 1))];
        double[] levels = [.. times.Select(t => t >= 999 ? table[999] : table[(int)t] + ((t - (int)t) * (table[(int)t + 1] - table[(int)t])))];
        if (shape != SigmaShape.Plain)
        {
            var (max, min) = (levels[0], levels[^1]);
            levels = [.. Enumerable.Range(0, Steps).Select(i => (double)i / (Steps - 1)).Select(r => shape == SigmaShape.Karras
                ? Math.Pow(Math.Pow(max, 1 / 7.0) + (r * (Math.Pow(min, 1 / 7.0) - Math.Pow(max, 1 / 7.0))), 7)
                : Math.Exp(Math.Log(max) + (r * (Math.Log(min) - Math.Log(max)))))];
            times = [.. levels.Select(s => TimeOf(table, s)).Select(t => shape == SigmaShape.Karras ? Math.Round(t) : t)];
        }

        // One entry for each level and one for the end; then all but the first twice, and the last once more.
        double[] all = [.. levels, 0];
        double[] next = [.. levels[1..], 0, 0];
        double[] up = [.. all.Select((s, i) => Math.Sqrt(next[i] * next[i] * ((s * s) - (next[i] * next[i])) / (s * s)))];
        double[] down = [.. next.Select((n, i) => i == Steps ? 0 : Math.Sqrt((n * n) - (up[i] * up[i])))];
        double[] between = [.. all.Select((s, i) => i >= Steps - 1 ? 0 : Math.Exp((Math.Log(s) + Math.Log(down[i])) / 2))];
        var (sigmas, ups, downs, mids) = (Twice(all), Twice(up), Twice(down), Twice(between));
        double[] told = [times[0], .. Enumerable.Range(0, Steps - 1).SelectMany(i => new[] { TimeOf(table, between[i]), times[i + 1] })];

        Tensor? kept = null;
        for (var i = 0; i < told.Length; i++)
        {
            var isFirst = kept is null;
            var at = isFirst ? i : i - 1;
            var (sigma, mid) = (sigmas[at], mids[at]);
            var seen = isFirst ? sigma : mid;
            var m = Net(sample / Math.Sqrt((seen * seen) + 1), i);
            var clean = type == PredictionType.Epsilon ? sample - (m * seen) : (m * (-seen / Math.Sqrt((seen * seen) + 1))) + (sample / ((seen * seen) + 1));
            var slope = (sample - clean) / seen;
            if (isFirst)
            {
                (kept, sample) = (sample, sample + (slope * (mid - sigma)));
            }
            else
            {
                sample = kept! + (slope * (downs[at] - sigma)) + (Draw(i) * ups[at]);
                kept = null;
            }
        }

        return (sample, told);
    }

    private static double[] Twice(double[] list) => [list[0], .. list[1..].SelectMany(v => new[] { v, v }), list[^1]];

    private static double TimeOf(double[] table, double sigma)
    {
        var low = Math.Min(Array.FindLastIndex(table, s => Math.Log(s) <= Math.Log(sigma)), 998);
        low = Math.Max(low, 0);
        return low + Math.Clamp((Math.Log(table[low]) - Math.Log(sigma)) / (Math.Log(table[low]) - Math.Log(table[low + 1])), 0, 1);
    }

    private static Tensor Net(Tensor x, int call) => (x * (0.4f + (0.02f * call))) + (x.sin() * 0.3f);

    private static Tensor Draw(int call) => randn([1, 2, 3, 3], generator: new Generator((ulong)(90 + call)));
}
