using System.Globalization;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Makes the lists of evaluation steps again that the Gallery uses, and tries them on seeds that the search has not seen.</summary>
internal static class StepsCommand
{
    public const string What = "searches evaluation steps for StepForecast [--counts 8,9,10] [--orders 2] [--steps 50] [--seed 1001] [--tries 60] [--pictures 10] [--unseen 1,2001,3001]";

    public static int Run(Options options)
    {
        var (counts, orders, steps) = (options.Numbers("--counts", 8, 9, 10), options.Numbers("--orders", 2), options.Number("--steps", 50));
        var (seed, tries, pictures, unseen) = (options.Number("--seed", 1001), options.Number("--tries", 60), options.Number("--pictures", 10), options.Numbers("--unseen", 1, 2001, 3001));
        options.RequireAllRead();
        using var network = SampleNetwork.Load(ScalarType.Float32);
        Page.Machine(network.Info, [ScalarType.Float32]);
        using var labels = SampleNetwork.Labels(network.Info, pictures);
        var recorder = new Recorder();
        using var known = Draw(network, steps, labels, seed, recorder);
        var baselines = unseen.Select(s => Draw(network, steps, labels, s)).ToArray();
        var table = Page.Table("steps", ["order", .. unseen.Select(s => $"dB, seeds {s}..")]);
        foreach (var count in counts)
        {
            foreach (var order in orders)
            {
                var search = new StepSearch(recorder.Grid!, recorder.Gram, order);
                int[][] starts = [search.Run(count), StepSearch.Even(0, count, steps), [.. Enumerable.Range(0, Math.Min(order, count)), .. StepSearch.Even(order, Math.Max(0, count - order), steps)]];
                var list = search.Refine(starts.MaxBy(Quality)!, Quality, tries);
                Page.Row(table, [string.Join(", ", list), $"{order}", .. unseen.Zip(baselines, (s, reference) => Psnr(network, steps, labels, s, reference, new StepForecast(list, order)).ToString("0.0", CultureInfo.InvariantCulture))]);

                double Quality(int[] list) => Psnr(network, steps, labels, seed, known, new StepForecast(list, order));
            }
        }

        Page.Write(table);
        Array.ForEach(baselines, b => b.Dispose());
        return 0;
    }

    private static Tensor Draw(IDenoiser network, int steps, Conditioning labels, int seed, params IStrategy[] strategies)
    {
        using var result = Settings.Sampler(network, steps, strategies).Generate(new() { Condition = labels, Seed = seed });
        using var scope = NewDisposeScope();
        return ((result.Latents.clamp(-1, 1) + 1) / 2).DetachFromDisposeScope();
    }

    private static double Psnr(IDenoiser network, int steps, Conditioning labels, int seed, Tensor reference, IStrategy strategy)
    {
        using var pictures = Draw(network, steps, labels, seed, strategy);
        return ImageMetrics.Psnr(pictures, reference);
    }

    /// <summary>Keeps every guided prediction of one request as managed numbers, for their products.</summary>
    private sealed class Recorder : IStrategy
    {
        private readonly List<float[]> _predictions = [];

        public Schedule? Grid { get; private set; }

        public string Tag => "record";

        public Requirements Needs => new() { Sites = [new(Where.Prediction, HookPhase.Cache)] };

        public double[,] Gram
        {
            get
            {
                var gram = new double[_predictions.Count, _predictions.Count];
                for (var i = 0; i < _predictions.Count; i++)
                {
                    for (var j = 0; j <= i; j++)
                    {
                        gram[i, j] = gram[j, i] = _predictions[i].Zip(_predictions[j], (a, b) => (double)a * b).Sum();
                    }
                }

                return gram;
            }
        }

        public IRun Begin(RunInfo info, RunStore store)
        {
            Grid = info.Stages[0];
            return new Recording(_predictions);
        }
    }

    private sealed class Recording(List<float[]> predictions) : Run, ISiteHook
    {
        public Value Invoke(in SiteCall call, Value input, SiteNext next)
        {
            var output = next.Invoke(input);
            using var dense = output.Main.contiguous();
            predictions.Add([.. dense.data<float>()]);
            return output;
        }
    }
}
