namespace Acceleration;

/// <summary>When work is skipped: the second of the three lists.</summary>
public interface IWhen
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>Signals it decides on, beside the site's own input.</summary>
    IReadOnlyList<Signal> Signals => [];

    /// <summary>Whether it decides on what the blocks before the skipped range make of the input: at chains only, whose range then begins behind the first block.</summary>
    bool NeedsProbe => false;

    /// <summary>Why it cannot decide in such a run, or null.</summary>
    string? Refuse(RunInfo info) => null;

    /// <summary>Why it cannot decide at a site, or null.</summary>
    string? Refuse(RunInfo info, Site site) => null;

    /// <summary>Why no step of such a run can be skipped, though the setting means to, or null: known before the run (<see cref="Requirements.NeverActs"/>).</summary>
    string? NeverActs(RunInfo info) => null;

    /// <summary>Starts a request.</summary>
    /// <param name="info">The request.</param>
    /// <param name="store">Where it remembers.</param>
    /// <param name="strategy">Tag under which decisions are recorded.</param>
    IWhenRun Begin(RunInfo info, RunStore store, string strategy);
}
