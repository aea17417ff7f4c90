using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// What is done to pictures before an image encoder sees them, from a <c>preprocessor_config.json</c>: brought to a size along the shorter side, cut from the middle, normalised. Immutable.
/// </summary>
public sealed record ImagePreparation
{
    private const string FileName = "preprocessor_config.json";
    private const int MostCharacters = 1 << 20;
    private const int MostSide = 1 << 14;
    private const int Bilinear = 2;
    private const int Bicubic = 3;

    /// <summary>Length of the shorter side; null where both sides are given by <see cref="Whole"/>, or nothing is resized.</summary>
    public int? Shorter { get; init; } = 224;

    /// <summary>Size to which pictures are brought whatever their shape; null for <see cref="Shorter"/>.</summary>
    public PictureSize? Whole { get; init; }

    /// <summary>Size that is cut from the middle; null for none.</summary>
    public PictureSize? Crop { get; init; } = new(224, 224);

    /// <summary>Subtracted from each channel of pictures in [0, 1].</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>What each channel is then divided by.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Whether pixels are resampled with cubics; else with lines.</summary>
    public bool IsBicubic { get; init; } = true;

    /// <summary>Reads a configuration; what it leaves out is as CLIP's.</summary>
    /// <param name="path">The file, or the folder that has it (<c>image_processor</c>, <c>feature_extractor</c>).</param>
    /// <exception cref="CheckpointException">It is missing or malformed, or asks for something else than is computed here.</exception>
    public static ImagePreparation Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        try
        {
            using var document = JsonDocument.Parse(BoundedText.Read(file, MostCharacters, "image processor", reason => new CheckpointException(file, null, reason)));
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(new(file, document.RootElement)) : throw new CheckpointException(file, null, "it is no JSON object.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException(file, null, $"it is not JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, null, $"it cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Prepares pictures.</summary>
    /// <param name="pictures">[rows, 3, height, width] in [0, 1], of a floating-point type.</param>
    /// <returns>[rows, 3, height, width], float32 on the CPU, of the size of <see cref="Crop"/>.</returns>
    /// <exception cref="ArgumentException">They have another rank, number of channels or type.</exception>
    public Tensor Apply(Tensor pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.ndim != 4 || pictures.size(1) != Mean.Count || pictures.size(2) < 1 || pictures.size(3) < 1 || !is_floating_point(pictures))
        {
            throw new ArgumentException($"Pictures must be [rows, {Mean.Count}, height, width] of a floating-point type; got {pictures.dtype} [{string.Join(", ", pictures.shape)}].", nameof(pictures));
        }

        var size = Resized((int)pictures.size(3), (int)pictures.size(2));
        if (Crop is { } wanted && (wanted.Width > size.Width || wanted.Height > size.Height))
        {
            throw new ArgumentException($"Of pictures of {size}, {wanted} cannot be cut from the middle.", nameof(pictures));
        }

        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var x = PictureResampling.Apply(pictures.cpu(), size.Height, size.Width, IsBicubic ? PictureResampling.Bicubic : PictureResampling.Bilinear);
        if (Crop is { } crop)
        {
            x = x.narrow(2, (size.Height - crop.Height) / 2, crop.Height).narrow(3, (size.Width - crop.Width) / 2, crop.Width);
        }

        return x.Plus(Column(Mean).neg()).div(Column(Deviation)).MoveToOuterDisposeScope();
    }

    private PictureSize Resized(int width, int height)
    {
        if (Whole is { } whole)
        {
            return whole;
        }

        return Shorter is not { } side ? new(width, height)
            : width <= height ? new(side, (int)((long)side * height / width))
            : new((int)((long)side * width / height), side);
    }

    private static Tensor Column(IReadOnlyList<double> values) => tensor([.. values.Select(v => (float)v)], [1, values.Count, 1, 1]);

    private static ImagePreparation Read(ModelJson json)
    {
        foreach (var key in new[] { "do_rescale", "do_normalize" })
        {
            if (json.Flag(key) == false)
            {
                throw json.Wrong(key, "true, which is all that is computed here");
            }
        }

        var resample = json.Count("resample") ?? Bicubic;
        if (resample is not (Bilinear or Bicubic))
        {
            throw json.Wrong("resample", $"{Bilinear} (lines) or {Bicubic} (cubics), which are computed here");
        }

        var resizes = json.Flag("do_resize") ?? true;
        var (shorter, whole) = Size(json, "size");
        var (square, crop) = Size(json, "crop_size");
        var usual = new ImagePreparation();
        var made = new ImagePreparation
        {
            Shorter = !resizes || whole is not null ? null : shorter ?? usual.Shorter,
            Whole = resizes ? whole : null,
            Crop = json.Flag("do_center_crop") == false ? null : crop ?? (square is { } side ? new(side, side) : usual.Crop),
            Mean = Numbers(json, "image_mean") ?? usual.Mean,
            Deviation = Numbers(json, "image_std") ?? usual.Deviation,
            IsBicubic = resample == Bicubic,
        };
        var least = made.Whole is { } w ? (w.Width, w.Height) : (made.Shorter ?? int.MaxValue, made.Shorter ?? int.MaxValue);
        return made.Crop is not { } cut || (cut.Width <= least.Item1 && cut.Height <= least.Item2) ? made : throw json.Wrong("crop_size", "at most as large as the size to which pictures are brought");
    }

    /// <summary>A number, an object with <c>shortest_edge</c>, or one with <c>height</c> and <c>width</c>.</summary>
    private static (int? Shorter, PictureSize? Whole) Size(ModelJson json, string key)
    {
        if (json.Find(key) is not { } value)
        {
            return (null, null);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return (Side(ModelJson.Whole(value)), null);
        }

        var size = json.Object(key)!;
        return size.Find("shortest_edge") is not null ? (Side(size.Count("shortest_edge")), null) : (null, new(Side(size.Count("width")), Side(size.Count("height"))));

        int Side(int? side) => side is >= 1 and <= MostSide ? side.Value : throw json.Wrong(key, $"a size in pixels up to {MostSide}: a number, 'shortest_edge', or 'height' and 'width'");
    }

    private static double[]? Numbers(ModelJson json, string key)
    {
        if (json.Find(key) is null)
        {
            return null;
        }

        double?[] all = [.. json.Array(key).Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out var number) && double.IsFinite(number) ? number : (double?)null)];
        return all.Length == 3 && Array.TrueForAll(all, n => n is not null && (key != "image_std" || n > 0)) ? [.. all.Select(n => n!.Value)] : throw json.Wrong(key, "three numbers, one for each colour, deviations above 0");
    }
}
