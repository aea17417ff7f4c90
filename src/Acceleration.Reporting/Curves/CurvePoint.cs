namespace Acceleration.Reporting;

/// <summary>One sampler of a study: what its pictures cost and how far they are from the reference's.</summary>
/// <param name="X">Where it stands: evaluations per picture, or the parameter that the section varies.</param>
/// <param name="Label">What it is called in tables, for example <c>10 steps</c>.</param>
/// <param name="Evaluations">Network evaluations per picture; a guided call counts two.</param>
/// <param name="Psnr">Mean PSNR against the reference's pictures of the same seeds, dB.</param>
/// <param name="PsnrError">Standard error of that mean; 0 for one picture.</param>
/// <param name="Frechet">Fréchet distance to the data's statistics; null where none were given.</param>
/// <param name="Broken">Pictures that hold a value that is not finite.</param>
/// <param name="Seconds">Seconds for all pictures.</param>
/// <param name="Tag"><see cref="Sampler.Tag"/>.</param>
public sealed record CurvePoint(double X, string Label, double Evaluations, double Psnr, double PsnrError, double? Frechet, int Broken, double Seconds, string Tag)
{
    private const int LongestShown = 72;

    /// <summary>A tag for people: fitted weights fill pages, and are whole in the JSON.</summary>
    public static string Shorten(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag.Length <= LongestShown ? tag : string.Concat(tag.AsSpan(0, LongestShown), "…");
    }
}
