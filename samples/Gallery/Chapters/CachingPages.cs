using Acceleration.Models;
using Acceleration.Reporting;
using Acceleration.Samples;
using Spectre.Console;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>A comparison of caches on both sample networks, a page for each.</summary>
/// <param name="Name">The chapter, which is the pages' folder.</param>
/// <param name="Title">What is compared.</param>
/// <param name="Compare">Makes the comparison of a network's methods; the plain sampler is made for a number of steps.</param>
internal sealed record CachingPages(string Name, string Title, Func<IReadOnlyList<CachingMethod>, Func<int, SamplerBuilder>, Comparison> Compare)
{
    public const int Steps = 50;
    private const int UsualPictures = 4;
    private const double Scale = 2;

    // Presets were chosen by seeds from 1001 on, and calibrated plans fitted to seeds from 0 and from 1001 on.
    private const long Seed = 2001;

    /// <summary>Steps of the plain sampler beside them.</summary>
    public static IReadOnlyList<int> Fewer { get; } = [33, 25, 20, 16, 12, 10, 8];

    /// <summary>Told of each network's report.</summary>
    public Action<ComparisonReport>? Written { get; init; }

    public int Run(GalleryOptions options, string weights, CancellationToken cancellation)
    {
        using var classifier = FashionClassifier.Load(Path.Combine(weights, "fashion-classifier.safetensors"));
        try
        {
            return Page("fashion-dit", "DiT", CachingOnTransformer.All, (b, n) => b.Ddim(n)) && Page("fashion-unet", "UNet", CachingOnUNet.All, (b, n) => b.FlowEuler(n)) ? 0 : SampleProgram.Stopped;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped; no report was written of the network that ran.");
            return SampleProgram.Stopped;
        }

        bool Page(string file, string kind, IReadOnlyList<CachingMethod> methods, Func<SamplerBuilder, int, SamplerBuilder> solve)
        {
            var checkpoint = Path.Combine(weights, $"{file}.safetensors");
            var dtype = options.DType ?? FasterType.Of(t => Networks.Load(checkpoint, new NetworkOptions { DType = t }));
            using var network = Networks.Load(checkpoint, new NetworkOptions { DType = dtype, Device = device(options.Device) });

            // Garments that differ: shirt, dress, sandal, bag, and on from there.
            long[] labels = [.. Enumerable.Range(0, options.Batch ?? UsualPictures).Select(i => new long[] { 0, 3, 5, 8, 9, 1, 2, 7, 4, 6 }[i % 10])];
            using var condition = Conditioning.Labels(labels);
            var comparison = Compare(methods, n => solve(Sampler.For(network), n).Guidance(Scale).OnNonFinite(NonFinite.Ignore))
                .Title($"{Title} on the sample {kind}, {dtype}")
                .Classify(classifier.Classify, labels)
                .Repeats(options.Repeats ?? 1);
            var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = Seed }, Path.Combine(options.Out, Name, kind.ToLowerInvariant()), cancellation);
            ComparisonOutput.Write(report);
            Written?.Invoke(report);
            Console.WriteLine($"Report: {page}\n");
            return report.Complete;
        }
    }
}
