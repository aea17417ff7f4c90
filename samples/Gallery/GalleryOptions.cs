using Acceleration.Samples;
using static TorchSharp.torch;

namespace Acceleration.Gallery;

/// <summary>What the command line asks for.</summary>
internal sealed record GalleryOptions
{
    public const string Usage = """
        Compares ways to make a small diffusion network faster, and writes a report.

          --chapter solvers  solvers, DualFast and guidance instead: fidelity over evaluations
          --chapter unet     the same comparison on a UNet, which has cuts
          --chapter caching  every published cache at three settings, on both networks
          --chapter presets  presets beside every cache, in seconds
          --chapter combinations  every decision with every approximation, from recorded runs
          --repeats N   times every setting is run (default: 3, or as often as 4.5 minutes allow)
          --batch N     pictures, classes in turn (default 10)
          --device NAME where the network computes, for example cuda (default cpu)
          --dtype TYPE  float32 or bfloat16 (default: whichever is faster here)
          --out DIR     where the report goes (default: artifacts/gallery)
          --quick       one run
          --help        this text
        """;

    public const int UsualPictures = 10;
    public const int UsualRepeats = 3;
    private const int MostPictures = 10_000;
    private const int MostRepeats = 100;

    /// <summary>Null for as many as fit <see cref="Budget"/>, at most <see cref="UsualRepeats"/>.</summary>
    public int? Repeats { get; private init; }

    /// <summary>Leaves time to write the report within five minutes.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromMinutes(4.5);

    /// <summary>Pictures; null for as many as are usual.</summary>
    public int? Batch { get; private init; }

    /// <summary>The chapter that is wanted instead of the comparison; null for none.</summary>
    public string? Chapter { get; private init; }

    public string Device { get; private init; } = "cpu";

    /// <summary>Type of the network's products; null for the faster one.</summary>
    public ScalarType? DType { get; private init; }

    public string Out { get; private init; } = Path.Combine("artifacts", "gallery");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says which part and what would be right.</exception>
    public static GalleryOptions Parse(Arguments arguments)
    {
        var options = new GalleryOptions();
        while (arguments.Next() is { } option)
        {
            options = option switch
            {
                "--repeats" => options with { Repeats = arguments.Number(MostRepeats) },
                "--batch" => options with { Batch = arguments.Number(MostPictures) },
                "--chapter" => options with { Chapter = ChapterOf(arguments.Value()) },
                "--device" => options with { Device = arguments.Value() },
                "--dtype" => options with { DType = Type(arguments.Value()) },
                "--out" => options with { Out = arguments.Value() },
                "--quick" => options with { Repeats = 1 },
                _ => throw arguments.Unknown(),
            };
        }

        return options;
    }

    private static string ChapterOf(string text)
    {
        string[] chapters = [SolverChapter.Name, UNetConfigurations.Name, CachingChapter.Name, PresetChapter.Name, CombinationChapter.Name];
        return chapters.Contains(text) ? text : throw new FormatException($"There is no chapter '{text}'; there are: {string.Join(", ", chapters)}.");
    }

    private static ScalarType Type(string text) => text.ToLowerInvariant() switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => throw new FormatException($"--dtype takes float32 or bfloat16, not '{text}'."),
    };
}
