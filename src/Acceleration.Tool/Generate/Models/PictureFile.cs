using SkiaSharp;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Pictures from disk.</summary>
internal static class PictureFile
{
    /// <summary>Demands that a file is a picture.</summary>
    /// <exception cref="ToolException">It is missing or no picture.</exception>
    public static void Require(string option, string path)
    {
        using var data = Open(option, path);
        using var codec = SKCodec.Create(data) ?? throw NoPicture(option, path);
    }

    /// <summary>Reads a picture and brings it to a size.</summary>
    /// <returns>[1, 3, height, width] in [0, 1].</returns>
    /// <exception cref="ToolException">It is missing or no picture.</exception>
    public static Tensor Read(string option, string path, int width, int height)
    {
        using var data = Open(option, path);
        using var decoded = SKBitmap.Decode(data) ?? throw NoPicture(option, path);
        using var sized = decoded.Resize(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), SKFilterQuality.High);
        var pixels = sized.Bytes;
        var values = new float[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                values[(c * width * height) + i] = pixels[(4 * i) + c] / 255f;
            }
        }

        return tensor(values, [1, 3, height, width]);
    }

    /// <summary>Reads a mask: white is 1.</summary>
    /// <returns>[1, 1, height, width] in [0, 1].</returns>
    public static Tensor ReadMask(string option, string path, int width, int height)
    {
        using var picture = Read(option, path, width, height);
        return picture.mean([1], keepdim: true);
    }

    private static ToolException NoPicture(string option, string path) => new($"{option} '{path}' is no picture that can be read; PNG, JPEG and WebP can.");

    private static SKData Open(string option, string path)
    {
        try
        {
            return SKData.CreateCopy(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException($"{option} '{path}' cannot be read: {e.Message}", e);
        }
    }
}
