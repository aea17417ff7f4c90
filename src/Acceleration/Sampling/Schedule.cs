using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// The noise levels of one run, from noisy to clean: pure data, made once, shared freely.
/// Step k leaves <c>Points[k]</c> and arrives at <c>Targets[k]</c>. The two lists are separate because published schedulers do not always
/// arrive where the next step starts (DDIM with a step count that does not divide the training steps).
/// </summary>
public sealed class Schedule
{
    /// <summary>The most steps a schedule has. Each is at least one network evaluation; with more, float32 noise levels would no longer be distinct.</summary>
    public const int MostSteps = 1_000_000;

    /// <summary>Makes a schedule from its points.</summary>
    /// <param name="name">Short name for reports, for example <c>ddim-leading</c>.</param>
    /// <param name="points">Where each step starts; at least one.</param>
    /// <param name="targets">Where each step arrives; as many as <paramref name="points"/>.</param>
    /// <param name="initialNoiseScale">Factor on unit normal noise that makes the first latents.</param>
    /// <exception cref="ArgumentException">The lists are empty, longer than <see cref="MostSteps"/>, or differ in length, or hold a value that is not finite.</exception>
    public Schedule(string name, ImmutableArray<GridPoint> points, ImmutableArray<GridPoint> targets, float initialNoiseScale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (points.IsDefaultOrEmpty || targets.IsDefaultOrEmpty || points.Length != targets.Length)
        {
            throw new ArgumentException($"A schedule needs as many targets as points, and at least one: {name} has {(points.IsDefault ? 0 : points.Length)} points and {(targets.IsDefault ? 0 : targets.Length)} targets.");
        }

        if (points.Length > MostSteps)
        {
            throw new ArgumentException($"Schedule {name} has {points.Length} steps; {MostSteps} at most, because more float32 noise levels are not distinct.");
        }

        for (var k = 0; k < points.Length; k++)
        {
            RequireFinite(name, "points", k, points[k]);
            RequireFinite(name, "targets", k, targets[k]);
        }

        Name = name;
        Points = points;
        Targets = targets;
        InitialNoiseScale = initialNoiseScale;
    }

    /// <summary>Short name for reports.</summary>
    public string Name { get; }

    /// <summary>Where each step starts.</summary>
    public ImmutableArray<GridPoint> Points { get; }

    /// <summary>Where each step arrives.</summary>
    public ImmutableArray<GridPoint> Targets { get; }

    /// <summary>Levels within the first steps that a solver of several calls visits there, for each of these steps; what they are to it, the grid it comes with says. Mostly empty.</summary>
    /// <exception cref="ArgumentException">They are of more steps than there are, or a value is not finite.</exception>
    public ImmutableArray<ImmutableArray<GridPoint>> InnerPoints { get; init => field = RequireInner(value); } = [];

    /// <summary>Factor on unit normal noise that makes the first latents.</summary>
    public float InitialNoiseScale { get; }

    /// <summary>Number of solver steps.</summary>
    public int Steps => Points.Length;

    /// <summary>What <see cref="GridPoint.Time"/> is: checked against <see cref="DenoiserInfo.Clock"/> when a sampler is built. Null where nobody says, and nothing is checked.</summary>
    public NetworkClock? Clock { get; init; }

    /// <summary>Steps of the whole schedule that this one is a part of: what rules about "fewer than 15 steps" count.</summary>
    public int WholeSteps { get => field == 0 ? Steps : field; internal init; }

    /// <summary>Any noise level σ of this kind, for solvers that ask the network between the levels of the steps; null where only those of the steps are known.</summary>
    public Func<float, GridPoint>? Level { get; init; }

    /// <summary>A schedule whose every step arrives where the next one starts.</summary>
    /// <param name="name">Short name for reports.</param>
    /// <param name="points">N + 1 points, the last of which is the end of the trajectory.</param>
    /// <param name="initialNoiseScale">Factor on unit normal noise that makes the first latents.</param>
    public static Schedule Through(string name, ImmutableArray<GridPoint> points, float initialNoiseScale = 1) => Through(name, points, null, initialNoiseScale);

    internal static Schedule Through(string name, ImmutableArray<GridPoint> points, NetworkClock? clock, float initialNoiseScale = 1) =>
        points.IsDefault || points.Length < 2
            ? throw new ArgumentException($"A schedule through points needs at least two of them; {name} has {(points.IsDefault ? 0 : points.Length)}.", nameof(points))
            : new(name, points[..^1], points[1..], initialNoiseScale) { Clock = clock };

    /// <summary>The tail of this schedule from step <paramref name="start"/> on.</summary>
    public Schedule From(int start) =>
        start == 0 ? this : new(Name, Points[start..], Targets[start..], InitialNoiseScale) { WholeSteps = WholeSteps, Clock = Clock, Level = Level, InnerPoints = start < InnerPoints.Length ? InnerPoints[start..] : [] };

    /// <summary>Levels within a step, empty for most.</summary>
    public ImmutableArray<GridPoint> Inner(int step) => step < InnerPoints.Length ? InnerPoints[step] : [];

    private ImmutableArray<ImmutableArray<GridPoint>> RequireInner(ImmutableArray<ImmutableArray<GridPoint>> inner)
    {
        if (inner.IsDefault || inner.Length > Steps || inner.Any(i => i.IsDefault))
        {
            throw new ArgumentException($"Schedule {Name} has levels within {(inner.IsDefault ? "none" : inner.Length)} of {Steps} steps; a list for each of the first ones is needed.", nameof(InnerPoints));
        }

        for (var k = 0; k < inner.Length; k++)
        {
            foreach (var p in inner[k])
            {
                RequireFinite(Name, "inner points", k, p);
            }
        }

        return inner;
    }

    private static void RequireFinite(string name, string list, int k, GridPoint p)
    {
        if (!double.IsFinite(p.Time) || !float.IsFinite(p.Alpha) || !float.IsFinite(p.Sigma))
        {
            throw new ArgumentException($"Schedule {name}: {list}[{k}] is not finite ({p}).");
        }
    }
}
