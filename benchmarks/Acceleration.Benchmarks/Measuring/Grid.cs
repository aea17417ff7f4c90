namespace Acceleration.Benchmarks;

/// <summary>Token grids for a number of tokens.</summary>
internal static class Grid
{
    /// <summary>An image, as square as its number of tokens allows.</summary>
    public static TokenLayout Square(int tokens)
    {
        var high = (int)Math.Sqrt(tokens);
        while (tokens % high != 0)
        {
            high--;
        }

        return new(1, high, tokens / high);
    }
}
