using Acceleration.Models;
using Acceleration.Reporting;
using Acceleration.Samples;
using Spectre.Console;

namespace Acceleration.Gallery;

/// <summary>What runs where no other chapter is asked for, and on the UNet: ways to be faster, beside the baseline and fewer steps.</summary>
internal static class ComparisonChapter
{
    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation)
    {
        var ofUNet = options.Chapter == UNetConfigurations.Name;
        var checkpoint = Path.Combine(weights, ofUNet ? "fashion-unet.safetensors" : "fashion-dit.safetensors");
        var dtype = options.DType ?? FasterType.Of(t => Networks.Load(checkpoint, new NetworkOptions { DType = t }));
        using var network = Networks.Load(checkpoint, new NetworkOptions { DType = dtype, Device = TorchSharp.torch.device(options.Device) });
        using var classifier = FashionClassifier.Load(Path.Combine(weights, "fashion-classifier.safetensors"));

        // Classes in turn: ten pictures are one of each.
        long[] labels = [.. Enumerable.Range(0, options.Batch ?? GalleryOptions.UsualPictures).Select(i => (long)(i % network.Info.Classes))];
        using var condition = Conditioning.Labels(labels);
        var comparison = (ofUNet ? UNetConfigurations.For(network) : Configurations.For(network))
            .Title($"Fashion gallery{(ofUNet ? " of a UNet" : "")}, {dtype}")
            .Classify(classifier.Classify, labels)
            .Repeats(options.Repeats ?? GalleryOptions.UsualRepeats)
            .Within(options.Repeats is null ? GalleryOptions.Budget : TimeSpan.MaxValue);

        var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = 1 }, options.Out, cancellation);
        ComparisonOutput.Write(report);
        Console.WriteLine($"Report: {page}");
        return report.Complete ? 0 : SampleProgram.Stopped;
    }
}
