using System.Diagnostics;
using Acceleration.Reporting;
using Acceleration.Samples;
using Spectre.Console;
using static System.FormattableString;

namespace Acceleration.OnnxGallery;

/// <summary>A network's comparison: what it prints, and its report.</summary>
internal static class NetworkPage
{
    /// <returns>Whether it ran to its end.</returns>
    /// <exception cref="OperationCanceledException">Stopped before anything was measured.</exception>
    public static bool Write(string name, OnnxGalleryOptions options, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var network = GalleryNetwork.Load(name, Path.Combine(options.Out, "split"));
        var parts = network.Parts;
        Console.WriteLine(Invariant($"{name}: loaded, and split into {parts.Graphs} graphs ({(network.IsUNet ? $"{parts.Cuts} nested cuts" : $"{parts.Blocks} blocks with {parts.Parts} parts")}, {parts.Inside / parts.MultiplyAdds:0.0 %} of the multiply-adds), in {clock.Elapsed.TotalSeconds:0.0} seconds."));

        // Classes in turn.
        long[] labels = [.. Enumerable.Range(0, options.Batch).Select(i => (long)(i % network.Whole.Info.Classes))];
        using var condition = Conditioning.Labels(labels);
        using var classifier = FashionClassifier.Load(Path.Combine(AppContext.BaseDirectory, "weights", "fashion-classifier.safetensors"));
        using var forms = new FirstPictures(GalleryRows.Forms);
        var comparison = GalleryRows.Of(network)
            .OfOneNetwork()
            .Title($"{name} by ONNX Runtime and TorchSharp, float32")
            .Classify(classifier.Classify, labels)
            .Pixels(new(-1, 1), forms.Keep)
            .Repeats(options.Repeats ?? OnnxGalleryOptions.UsualRepeats)
            .Within(options.Repeats is null ? OnnxGalleryOptions.Budget : TimeSpan.MaxValue);

        var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = 1 }, Path.Combine(options.Out, name), cancellation);
        ComparisonOutput.Write(report);
        if (report.Complete)
        {
            Console.WriteLine(Invariant($"Pixels between −1 and 1: ONNX Runtime's differ from TorchSharp's by at most {forms.Difference(0, 1):0.0e+0}, in parts by {forms.Difference(2, 1):0.0e+0}."));
        }

        Console.WriteLine($"Report: {page}\n");
        return report.Complete;
    }
}
