namespace Acceleration.Benchmarks;

/// <summary>A decision at the place that has what it decides on, and the settings at which it is tried.</summary>
/// <param name="name">Row of the map.</param>
/// <param name="at">Makes the combination.</param>
internal abstract class CombinationDecision(string name, Func<IWhen, IHow, Cached> at)
{
    public string Name { get; } = name;

    public Func<IWhen, IHow, Cached> At { get; } = at;

    /// <summary>Tries settings until those are among them that reach each speed-up closely.</summary>
    /// <param name="made">Speed-ups of what was run before.</param>
    /// <param name="run">Runs a setting, and tells its speed-up.</param>
    public abstract void Sweep(IReadOnlyList<double> made, Func<IWhen, double> run);
}
