using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The pictures of a request, looked at before a network meets them.</summary>
internal static class GivenPictures
{
    /// <summary>Each of what a model reads, [rows, channels, height, width] in float32 and of as many rows as the others.</summary>
    /// <exception cref="ArgumentException">One is missing, is given twice, is not read, or has another shape.</exception>
    public static IReadOnlyDictionary<PictureRole, Tensor> Checked(string pipeline, IReadOnlyList<PictureSpec> read, IReadOnlyList<(PictureRole Role, Tensor Picture)> given, PictureSize size)
    {
        var reads = read.Count == 0 ? "no pictures beside its latents" : string.Join(", ", read);
        if (given.GroupBy(g => g.Role).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"{new PictureSpec(twice.Key)} was given {twice.Count()} times; several of one kind are the rows of one tensor.", nameof(given));
        }

        if (given.FirstOrDefault(g => !read.Any(r => r.Role == g.Role)) is { Picture: not null } foreign)
        {
            throw new ArgumentException($"This model ({pipeline}) reads {reads}; {new PictureSpec(foreign.Role)} was given.", nameof(given));
        }

        if (given.Count == 0)
        {
            throw new ArgumentException($"This model ({pipeline}) reads {reads}; nothing was given.", nameof(given));
        }

        if (read.FirstOrDefault(r => !r.IsOptional && !given.Any(g => g.Role == r.Role)) is { } missing)
        {
            throw new ArgumentException($"This model ({pipeline}) reads {reads}; {missing} was not given.", nameof(given));
        }

        var rows = (int)given.Max(g => g.Picture.ndim == 0 ? 1 : g.Picture.size(0));
        return given.ToDictionary(g => g.Role, g => Taken(g.Picture, new(g.Role), rows, size));
    }

    /// <summary>Demands pictures of the size of a call.</summary>
    public static void Require(Tensor pictures, string what, int channels, PictureSize size, int samples)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.ndim != 4 || (pictures.size(0) != 1 && pictures.size(0) != samples) || pictures.size(1) != channels || pictures.size(2) != size.Height || pictures.size(3) != size.Width || !is_floating_point(pictures))
        {
            throw new ArgumentException($"The call is for {samples} pictures of {size.Width}×{size.Height}, so {what} must be [{samples} or 1, {channels}, {size.Height}, {size.Width}] of a floating-point type; got {pictures.dtype} [{string.Join(", ", pictures.shape)}].", nameof(pictures));
        }
    }

    private static Tensor Taken(Tensor picture, PictureSpec spec, int rows, PictureSize size)
    {
        Require(picture, spec.ToString(), spec.Channels, size, rows);
        return picture.to(ScalarType.Float32).expand(rows, spec.Channels, size.Height, size.Width);
    }
}
