namespace Acceleration;

/// <summary>The steps at which some sites are computed.</summary>
/// <param name="Where">The sites.</param>
/// <param name="Steps">0-based, strictly ascending, beginning with 0.</param>
public sealed record SiteSchedule(Where Where, IReadOnlyList<int> Steps)
{
    /// <summary>The sites.</summary>
    [InTag]
    public Where Where { get; init; } = Where;

    /// <summary>The computed steps.</summary>
    [InTag("at")]
    [Ordered(First = 0)]
    public IReadOnlyList<int> Steps { get; init => field = new AtSteps(value).Steps; } = new AtSteps(Steps).Steps;

    /// <summary>The combination that it stands for.</summary>
    internal Cached Line => new(Where, new AtSteps(Steps), How.LastValue);

    /// <exception cref="ArgumentException">There is none.</exception>
    internal static IReadOnlyList<SiteSchedule> Some(IReadOnlyList<SiteSchedule> schedules, string name)
    {
        ArgumentNullException.ThrowIfNull(schedules, name);
        return schedules.Count > 0 ? ValueList.Of(schedules) : throw new ArgumentException($"{name} must hold at least one schedule.", name);
    }
}
