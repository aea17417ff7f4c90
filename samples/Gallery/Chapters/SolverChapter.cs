using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>What solvers, DualFast and guidance are worth on the sample networks: questions, one page.</summary>
internal static class SolverChapter
{
    public const string Name = "solvers";
    private const int UsualPictures = 10;
    private const int PicturesAtOnce = 10;
    private const int PicturesAtOnceOnDevices = 250;

    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation)
    {
        var started = DateTimeOffset.Now;
        var where = device(options.Device);

        // Differences of 60 dB and more are to be told apart: not in bfloat16.
        using var network = DiT.Load(Path.Combine(weights, "fashion-dit.safetensors"), new NetworkOptions { DType = options.DType ?? ScalarType.Float32, Device = where });
        using var unet = UNet.Load(Path.Combine(weights, "fashion-unet.safetensors"), new NetworkOptions { DType = options.DType ?? ScalarType.Float32, Device = where });
        using var classifier = FashionClassifier.Load(Path.Combine(weights, "fashion-classifier.safetensors"));
        using var real = FeatureStatistics.Load(Path.Combine(weights, "fashion-statistics.safetensors"), "train");
        using var study = new CurveStudy(options.Batch ?? UsualPictures, (from, rows) => Conditioning.Labels([.. Enumerable.Range(from, rows).Select(i => (long)(i % network.Info.Classes))]))
        {
            Batch = where.type == TorchSharp.DeviceType.CPU ? PicturesAtOnce : PicturesAtOnceOnDevices,
            Features = classifier.Features,
            Real = real,
            Begins = tag => Console.Error.WriteLine($"  {CurvePoint.Shorten(tag)}"),
            Cancellation = cancellation,
        };
        CurveSection[] sections = [SolverQuestion.Answer(network, study), FlowSolverQuestion.Answer(unet, study), DualFastQuestion.Answer(network, study), GuidanceQuestion.Answer(network, study), .. ForecastQuestion.OnTransformer.Answer(network, study), .. ForecastQuestion.OnUNet.Answer(unet, study)];
        var report = new CurveReport("Solvers and guidance on the sample networks", study.Pictures, study.Seed, MachineInfo.Describe(network.Info), started, sections);
        var page = report.Write(options.Out, "solvers");
        foreach (var section in sections)
        {
            Console.WriteLine($"\n{section.Title}");
            foreach (var finding in section.Findings)
            {
                Console.WriteLine($"  {finding}");
            }
        }

        Console.WriteLine($"\nReport: {page}");
        return 0;
    }
}
