namespace Acceleration.Gallery;

/// <summary>What the published caches are worth on the sample networks, beside fewer steps: a page for each network.</summary>
internal static class CachingChapter
{
    public const string Name = "caching";

    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation) =>
        new CachingPages(Name, "Caching", (methods, plain) => CachingMethod.Compare(methods, plain, CachingPages.Steps, CachingPages.Fewer).ByArithmetic()).Run(options, weights, cancellation);
}
