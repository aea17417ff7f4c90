using Acceleration.Samples;

namespace Acceleration.OnnxGallery;

/// <summary>What the command line asks for.</summary>
internal sealed record OnnxGalleryOptions
{
    public const string Usage = """
        Samples from the same weights by ONNX Runtime and by TorchSharp, plain and accelerated, and writes a report for each network.

          --network NAME  fashion-dit or fashion-unet (default: both, one after the other)
          --repeats N     times every setting is run (default: 2, or as often as a minute for each network allows)
          --batch N       pictures, classes in turn (default 4)
          --out DIR       where reports and split models go (default: artifacts/onnx-gallery)
          --quick         one run
          --help          this text
        """;

    public const int UsualRepeats = 2;
    private const int Most = 1000;

    public IReadOnlyList<string> Networks { get; private init; } = [GalleryNetwork.Transformer, GalleryNetwork.UNet];

    /// <summary>Null for as many as fit <see cref="Budget"/>, at most <see cref="UsualRepeats"/>.</summary>
    public int? Repeats { get; private init; }

    /// <summary>For one network.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromMinutes(1);

    public int Batch { get; private init; } = 4;

    public string Out { get; private init; } = Path.Combine("artifacts", "onnx-gallery");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says which part and what would be right.</exception>
    public static OnnxGalleryOptions Parse(Arguments arguments)
    {
        var options = new OnnxGalleryOptions();
        while (arguments.Next() is { } option)
        {
            options = option switch
            {
                "--network" => options with { Networks = [Network(arguments.Value(), options.Networks)] },
                "--repeats" => options with { Repeats = arguments.Number(Most) },
                "--batch" => options with { Batch = arguments.Number(Most) },
                "--out" => options with { Out = arguments.Value() },
                "--quick" => options with { Repeats = 1 },
                _ => throw arguments.Unknown(),
            };
        }

        return options;
    }

    private static string Network(string name, IReadOnlyList<string> known) =>
        known.Contains(name) ? name : throw new FormatException($"--network is {string.Join(" or ", known)}, not '{name}'.");
}
