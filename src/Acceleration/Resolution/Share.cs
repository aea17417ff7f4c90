namespace Acceleration;

/// <summary>A share of a stage's steps.</summary>
internal static class Share
{
    /// <summary>So many of <paramref name="steps"/>, at least one.</summary>
    public static int Of(int steps, double share) => share is > 0 and <= 1
        ? Math.Max(1, (int)Math.Round(steps * share))
        : throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the steps is above 0 and at most 1.");
}
