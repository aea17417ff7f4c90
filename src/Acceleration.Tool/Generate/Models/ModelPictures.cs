using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The pictures of a run: what the model is conditioned on, and what it starts from.</summary>
/// <param name="settings">What was asked for.</param>
internal sealed class ModelPictures(ModelSettings settings)
{
    private const double UsualStrength = 0.8;

    /// <summary>What errors of the last frame name; whether a network reads it is known when it is loaded.</summary>
    private const string LastFrame = "last";

    /// <summary>Looks at the pictures before the model is loaded: whether they are those that it is conditioned on, and can be read.</summary>
    /// <exception cref="ToolException">One is missing, is not read by this model, or is no picture.</exception>
    public void Require()
    {
        var read = Pipeline.PicturesOf(settings.Model, settings.Options.Variant);
        if (read.FirstOrDefault(r => !r.IsOptional && FileOf(r.Role) is null) is { } missing)
        {
            throw new ToolException($"'{settings.Model}' is conditioned on {string.Join(" and ", read)}; give {missing} with {OptionOf(missing.Role)} FILE.");
        }

        if (settings.Mask is not null && settings.Image is null)
        {
            throw new ToolException("--mask says where a picture is made anew; give that picture with --image.");
        }

        PictureRole[] never = [PictureRole.Control, PictureRole.LastFrame];
        if (Array.FindIndex(never, role => FileOf(role) is not null && !read.Any(r => r.Role == role)) is >= 0 and var at)
        {
            throw new ToolException($"{OptionOf(never[at])} gives {new PictureSpec(never[at])}, which '{settings.Model}' does not read.");
        }

        var isFilm = read.Any(r => r.Role == PictureRole.FirstFrame);
        if (isFilm && (settings.Strength is not null || settings.Mask is not null))
        {
            throw new ToolException($"{(settings.Mask is null ? "--strength" : "--mask")}: '{settings.Model}' takes --image as the first frame of a film, and does not start from it.");
        }

        foreach (var role in Enum.GetValues<PictureRole>())
        {
            if (FileOf(role) is { } file)
            {
                PictureFile.Require(OptionOf(role), file);
            }
        }
    }

    /// <summary>As <see cref="Require"/>, where sampling always starts from noise.</summary>
    /// <exception cref="ToolException">A picture is given that the model is not conditioned on, too.</exception>
    public void RequireOnlyRead()
    {
        Require();
        if (settings.Image is not null && Pipeline.PicturesOf(settings.Model, settings.Options.Variant).Count == 0)
        {
            throw new ToolException($"--image: comparisons start from noise, and '{settings.Model}' is not conditioned on a picture.");
        }
    }

    /// <summary>What the network reads of the pictures, one row for all samples; null where it reads none.</summary>
    public Conditioning? Condition(Pipeline pipeline)
    {
        using var scope = NewDisposeScope();
        var size = pipeline.SampledSizeOf(settings.Call);
        (PictureRole, Tensor)[] pictures = [.. pipeline.Pictures.Where(p => FileOf(p.Role) is not null).Select(p => (p.Role, Read(p, size)))];
        try
        {
            return pictures.Length == 0 ? null : pipeline.EncodePictures(settings.Call, pictures);
        }
        catch (ArgumentException e) when (e.ParamName == LastFrame)
        {
            throw new ToolException($"{OptionOf(PictureRole.LastFrame)}: {e.Message.Replace($" (Parameter '{LastFrame}')", "", StringComparison.Ordinal)}", e);
        }
    }

    /// <summary>Where sampling starts; null for noise. A network that is told the picture and its mask starts from the picture only where a strength was asked for, and needs nothing put back.</summary>
    public PictureStart? Start(Pipeline pipeline, int rows, long seed)
    {
        var isTold = pipeline.Pictures.Any(p => p.Role is PictureRole.Picture or PictureRole.FirstFrame);
        if (settings.Image is null || (isTold && settings.Strength is null or 1))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var size = pipeline.SampledSizeOf(settings.Call);
        return pipeline.StartFrom(
            settings.Call,
            Read(new(PictureRole.Picture), size),
            rows,
            seed,
            settings.Strength ?? (settings.Mask is null ? UsualStrength : 1),
            settings.Mask is null || isTold ? null : Read(new(PictureRole.Mask), size));
    }

    private static string OptionOf(PictureRole role) => role switch
    {
        PictureRole.Mask => "--mask",
        PictureRole.Control => "--control",
        PictureRole.LastFrame => "--last-image",
        _ => "--image",
    };

    private string? FileOf(PictureRole role) => role switch
    {
        PictureRole.Mask => settings.Mask,
        PictureRole.Control => settings.Control,
        PictureRole.LastFrame => settings.LastImage,
        _ => settings.Image,
    };

    private Tensor Read(PictureSpec picture, PictureSize size)
    {
        var (option, file) = (OptionOf(picture.Role), FileOf(picture.Role)!);
        return picture.Channels == 1 ? PictureFile.ReadMask(option, file, size.Width, size.Height) : PictureFile.Read(option, file, size.Width, size.Height);
    }
}
