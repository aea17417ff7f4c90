using Acceleration.Models;
using Acceleration.Reporting;
using Spectre.Console;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>What the published caches are worth on the sample networks, beside fewer steps: a page for each network.</summary>
internal static class CachingChapter
{
    public const string Name = "caching";
    private const int UsualPictures = 4;
    private const int Steps = 50;
    private const double Scale = 2;

    // Calibrated plans were fitted to seeds from 0 and from 1001 on.
    private const long Seed = 2001;
    private static readonly int[] Fewer = [33, 25, 20, 16, 12, 10, 8];

    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation)
    {
        using var classifier = FashionClassifier.Load(Path.Combine(weights, "fashion-classifier.safetensors"));
        try
        {
            return Page("fashion-dit", "DiT", CachingOnTransformer.All, (b, n) => b.Ddim(n)) && Page("fashion-unet", "UNet", CachingOnUNet.All, (b, n) => b.FlowEuler(n)) ? 0 : 130;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped; no report was written of the network that ran.");
            return 130;
        }

        bool Page(string file, string kind, IReadOnlyList<CachingMethod> methods, Func<SamplerBuilder, int, SamplerBuilder> solve)
        {
            var checkpoint = Path.Combine(weights, $"{file}.safetensors");
            var dtype = options.DType ?? FasterType.Of(t => Networks.Load(checkpoint, new NetworkOptions { DType = t }));
            using var network = Networks.Load(checkpoint, new NetworkOptions { DType = dtype, Device = device(options.Device) });

            // Garments that differ: shirt, dress, sandal, bag, and on from there.
            long[] labels = [.. Enumerable.Range(0, options.Batch ?? UsualPictures).Select(i => new long[] { 0, 3, 5, 8, 9, 1, 2, 7, 4, 6 }[i % 10])];
            using var condition = Conditioning.Labels(labels);
            var comparison = CachingMethod.Compare(methods, n => solve(Sampler.For(network), n).Guidance(Scale).OnNonFinite(NonFinite.Ignore), Steps, Fewer)
                .Title($"Caching on the sample {kind}, {dtype}")
                .Classify(classifier.Classify, labels)
                .Repeats(options.Repeats ?? 1)
                .ByArithmetic();
            var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = Seed }, Path.Combine(options.Out, Name, kind.ToLowerInvariant()), cancellation);
            if (Console.IsOutputRedirected)
            {
                // A file has no width that lines could break at.
                AnsiConsole.Profile.Width = short.MaxValue;
            }

            AnsiConsole.Write(ComparisonTable.Of(report, AnsiConsole.Profile.Width));
            Console.WriteLine($"Report: {page}\n");
            return report.Complete;
        }
    }
}
