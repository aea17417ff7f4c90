namespace Acceleration;

/// <summary>At which steps a part of a block is computed; in between its last output is reused.</summary>
/// <param name="Path">Path of its site.</param>
/// <param name="FeedForward">Whether it is a feed-forward part: what is wrong in its input stays in its output, see <see cref="BubblingUnion"/>.</param>
/// <param name="Volatility">By how much its output changes over a run, see <see cref="BlockSchedules.Volatility"/>.</param>
/// <param name="Steps">The computed steps: strictly ascending, beginning with 0.</param>
public sealed record BlockSchedule(string Path, bool FeedForward, double Volatility, IReadOnlyList<int> Steps)
{
    /// <summary>The computed steps.</summary>
    public IReadOnlyList<int> Steps { get; init => field = new AtSteps(value).Steps; } = new AtSteps(Steps).Steps;
}
