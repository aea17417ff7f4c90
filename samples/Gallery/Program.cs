using Acceleration;
using Acceleration.Gallery;
using Acceleration.Models;
using Acceleration.Reporting;
using Spectre.Console;

GalleryOptions options;
try
{
    options = GalleryOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{GalleryOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(GalleryOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

// Before the first operator, and everything on this one thread: a second computing thread would bring a second pool of workers.
Runtime.Tune();
var weights = Path.Combine(AppContext.BaseDirectory, "weights");
var ofUNet = options.Chapter == UNetConfigurations.Name;
var checkpoint = Path.Combine(weights, ofUNet ? "fashion-unet.safetensors" : "fashion-dit.safetensors");
switch (options.Chapter)
{
    case SolverChapter.Name:
        return SolverChapter.Run(options, weights, stop.Token);
    case CachingChapter.Name:
        return CachingChapter.Run(options, weights, stop.Token);
    case PresetChapter.Name:
        return PresetChapter.Run(options, weights, stop.Token);
    case CombinationChapter.Name:
        return CombinationChapter.Run(options, weights, stop.Token);
}

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

try
{
    var (report, page) = LiveReport.Run(AnsiConsole.Console, comparison, new() { Condition = condition, Seed = 1 }, options.Out, stop.Token);
    if (Console.IsOutputRedirected)
    {
        // A file has no width that lines could break at.
        AnsiConsole.Profile.Width = short.MaxValue;
    }

    AnsiConsole.Write(ComparisonTable.Of(report, AnsiConsole.Profile.Width));
    Console.WriteLine($"Report: {page}");
    return report.Complete ? 0 : 130;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; no report was written.");
    return 130;
}
