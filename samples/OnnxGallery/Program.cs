using System.Diagnostics;
using Acceleration;
using Acceleration.Onnx;
using Acceleration.OnnxGallery;
using Acceleration.Reporting;
using Spectre.Console;
using static System.FormattableString;

OnnxGalleryOptions options;
try
{
    options = OnnxGalleryOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{OnnxGalleryOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(OnnxGalleryOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

Runtime.Tune();
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = short.MaxValue;
}

using var classifier = FashionClassifier.Load(Path.Combine(AppContext.BaseDirectory, "weights", "fashion-classifier.safetensors"));
try
{
    foreach (var name in options.Networks)
    {
        var clock = Stopwatch.StartNew();
        using var network = GalleryNetwork.Load(name, Path.Combine(options.Out, "split"));
        var parts = network.Parts;
        Console.WriteLine(Invariant($"{name}: loaded, and split into {parts.Graphs} graphs ({(network.IsUNet ? $"{parts.Cuts} nested cuts" : $"{parts.Blocks} blocks with {parts.Parts} parts")}, {parts.Inside / parts.MultiplyAdds:0.0 %} of the multiply-adds), in {clock.Elapsed.TotalSeconds:0.0} seconds."));
        if (!Compare(network))
        {
            return 130;
        }
    }

    return 0;
}
catch (OnnxException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; no report was written.");
    return 130;
}

bool Compare(GalleryNetwork network)
{
    long[] labels = [.. Enumerable.Range(0, options.Batch).Select(i => (long)(i % network.Whole.Info.Classes))];
    using var condition = Conditioning.Labels(labels);
    using var forms = new FirstPictures(GalleryRows.Forms);
    var comparison = GalleryRows.Of(network)
        .OfOneNetwork()
        .Title($"{network.Name} by ONNX Runtime and TorchSharp, float32")
        .Classify(classifier.Classify, labels)
        .Pixels(new(-1, 1), forms.Keep)
        .Repeats(options.Repeats ?? OnnxGalleryOptions.UsualRepeats)
        .Within(options.Repeats is null ? OnnxGalleryOptions.Budget : TimeSpan.MaxValue);

    var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = 1 }, Path.Combine(options.Out, network.Name), stop.Token);
    AnsiConsole.Write(ComparisonTable.Of(report, AnsiConsole.Profile.Width));
    if (report.Complete)
    {
        Console.WriteLine(Invariant($"Pixels between −1 and 1: ONNX Runtime's differ from TorchSharp's by at most {forms.Difference(0, 1):0.0e+0}, in parts by {forms.Difference(2, 1):0.0e+0}."));
    }

    Console.WriteLine($"Report: {page}\n");
    return report.Complete;
}
