using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>One cache at each kind of place, on wide random networks: time saved against multiply-adds saved, and against the time of the work that is left.</summary>
internal static class PlacesCommand
{
    public const string What = "a cache at each kind of place of wide random networks [--network dit,flux] [--tokens 1024] [--blocks 4] [--steps 8] [--rounds 2] [--dtype bfloat16] [--keep FOLDER]";

    private const string Method = """
        Every 2nd step skipped after the first, outputs repeated; one picture, no guidance; a step of each setting in turn. Arithmetic: multiply-adds of the baseline over those executed. Left out: the same work left out with
          nothing in its place, so the time of what a cache cannot spare there.
        """;

    private static readonly StaticWhen EverySecond = new Interval(2);

    public static int Run(Options options)
    {
        var (networks, tokens, blocks) = (options.Words("--network", "dit", "flux"), options.Number("--tokens", 1024), options.Number("--blocks", 4));
        var (steps, rounds, types, keep) = (options.Number("--steps", 8), options.Number("--rounds", 2), options.Types(ScalarType.BFloat16), options.Path("--keep"));
        options.RequireAllRead();
        foreach (var (name, dtype) in networks.SelectMany(n => types.Select(t => (n, t))))
        {
            if (name == "dit")
            {
                var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"dit-{Environment.ProcessId}.safetensors"));
                try
                {
                    DiTSized.Write(file.FullName, new("dit", 1152, 16, 4608, blocks, 0, tokens, 0, 1));
                    using var network = DiT.Load(file.FullName, new() { DType = dtype });
                    using var condition = SampleNetwork.Labels(network.Info, 1);
                    Measure(network, dtype, condition, [.. network.Info.SampleSize], (rounds, steps), [.. Everywhere, ("attention after the gate", Where.GatedAttention), ("feed-forward", Where.FeedForward)]);
                }
                finally
                {
                    file.Delete();
                }
            }
            else
            {
                using var input = FamilyInput.Of(name, keep);
                using var network = input.Load(dtype);
                using var condition = new Conditioning(1, [.. input.Tensors.Where(t => t.Key is not ("latents" or "time")).Select(t => (t.Key, t.Value.alias()))]);
                Measure(network, dtype, condition, input.Tensors["latents"].shape[1..], (rounds, steps), Everywhere);
            }
        }

        Page.Line(Method);
        return 0;
    }

    private static (string Name, Where Where)[] Everywhere =>
    [
        ("network", Where.Network),
        ("all blocks as one range", Where.Chain),
        ("every block", Where.Blocks),
        ("every branch", Where.Branches),
        ("attention", Where.Attention),
    ];

    private static void Measure(IDenoiser network, ScalarType dtype, Conditioning condition, long[] size, (int Rounds, int Steps) run, (string Name, Where Where)[] places)
    {
        Page.Machine(network.Info, [dtype]);
        Sampler[] samplers =
        [
            Settings.Unguided(network, run.Steps),
            .. places.Select(p => Settings.Unguided(network, run.Steps, new Cached(p.Where, EverySecond, How.LastValue))),
        ];
        samplers = [.. samplers, .. places.Select(p => Settings.Unguided(network, run.Steps, new DroppedWork(new Cached(p.Where, EverySecond, How.LastValue))))];
        var turns = StepTurns.Run(run.Rounds, 2, new() { Condition = condition, Seed = 1, Size = size }, samplers);
        var table = Page.Table(
            $"{network.Info.Layout(size).Tokens} tokens, {run.Steps} steps, {turns.Seconds(0):0.0} s", "realised", "arithmetic", "realised ÷ arithmetic", "left out", "realised ÷ left out", "caches MiB");
        for (var i = 0; i < places.Length; i++)
        {
            var (realised, bound, trace) = (turns.Speedup(1 + i), turns.Speedup(1 + places.Length + i), turns.Traces[1 + i]);
            var arithmetic = trace.ArithmeticSpeedup(turns.Traces[0]);
            Page.Row(
                table, places[i].Name, Page.Range(realised, "0.00"), $"{arithmetic:0.00}", $"{realised.Median / arithmetic:0.00}", $"{bound.Median:0.00}", $"{realised.Median / bound.Median:0.00}",
                $"{trace.PeakCacheBytes / (1024.0 * 1024):0.0}");
        }

        Page.Write(table);
    }
}
