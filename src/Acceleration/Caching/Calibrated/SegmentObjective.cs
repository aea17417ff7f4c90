namespace Acceleration;

/// <summary>What <see cref="BlockSchedules"/> makes as large as it can.</summary>
public enum SegmentObjective
{
    /// <summary>The similarity of each step to the computed one whose output it reuses: what the authors' program does.</summary>
    Anchor,

    /// <summary>The similarity of each reusing step to the step before it: the paper's. The computed steps are then those least like their predecessor.</summary>
    Adjacent,
}
