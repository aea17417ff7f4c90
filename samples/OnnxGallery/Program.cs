using System.Globalization;
using Acceleration;
using Acceleration.Onnx;
using Acceleration.OnnxGallery;
using Acceleration.Reporting;
using Spectre.Console;

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
        using var network = GalleryNetwork.Load(name, Path.Combine(options.Out, "split"));
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
    var isUNet = network.Name == GalleryNetwork.UNet;
    long[] labels = [.. Enumerable.Range(0, options.Batch).Select(i => (long)(i % network.Whole.Info.Classes))];
    using var condition = Conditioning.Labels(labels);
    var request = new SamplingRequest { Condition = condition, Seed = 1 };
    var comparison = (isUNet ? UNetRows.Of(network) : TransformerRows.Of(network))
        .OfOneNetwork()
        .Title($"{network.Name} by ONNX Runtime and TorchSharp, float32")
        .Classify(classifier.Classify, labels)
        .Repeats(options.Repeats ?? OnnxGalleryOptions.UsualRepeats)
        .Within(options.Repeats is null ? OnnxGalleryOptions.Budget : TimeSpan.MaxValue);

    var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, request, Path.Combine(options.Out, network.Name), stop.Token);
    AnsiConsole.Write(ComparisonTable.Of(report, AnsiConsole.Profile.Width));
    Console.WriteLine($"Split into {network.Parts.Graphs} graphs: {(isUNet ? $"{network.Parts.Cuts} nested cuts" : $"{network.Parts.Blocks} blocks with {network.Parts.Parts} parts")}, {Share(network.Parts.Inside / network.Parts.MultiplyAdds)} of the multiply-adds.");
    if (report.Complete)
    {
        Console.WriteLine($"Pixels between −1 and 1 differ from TorchSharp's by at most {Apart(network.Whole)}, in parts {Apart(network.Split)}.");
    }

    Console.WriteLine($"Report: {page}");
    return report.Complete;

    string Apart(IDenoiser form) => (isUNet
        ? PictureDifference.Largest(UNetRows.Plain(form), UNetRows.Plain(network.Torch), request, stop.Token)
        : PictureDifference.Largest(TransformerRows.Plain(form), TransformerRows.Plain(network.Torch), request, stop.Token)).ToString("0.0e+0", CultureInfo.InvariantCulture);
}

static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);
