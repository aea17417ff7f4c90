namespace Acceleration.Policy;

/// <summary>What a setting is there for.</summary>
internal enum SettingKind
{
    /// <summary>As published, with all evaluations.</summary>
    Baseline,

    /// <summary>The plain solver with fewer steps.</summary>
    Control,

    /// <summary>Another solver with few steps.</summary>
    Solver,

    /// <summary>A strategy of this library.</summary>
    Strategy,
}
