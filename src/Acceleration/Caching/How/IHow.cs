namespace Acceleration;

/// <summary>How skipped work is approximated: the third of the three lists. <see cref="How"/> is a choice of quantity, forecast and abscissa; other entries make it in another way.</summary>
public interface IHow
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>What is remembered and made up.</summary>
    Quantity Quantity { get; }

    /// <summary>Computed steps that it rests on, at most: each is remembered as long as that.</summary>
    int Entries => 1;

    /// <summary>Whether it makes up the skipped blocks from what the blocks before them make of the input: as <see cref="IWhen.NeedsProbe"/>.</summary>
    bool NeedsProbe => false;

    /// <summary>Why it cannot serve at a site, or null.</summary>
    string? Refuse(RunInfo info, Site site) => null;

    /// <summary>Starts a request.</summary>
    /// <param name="info">The request.</param>
    /// <param name="store">Where it remembers.</param>
    IHowRun Begin(RunInfo info, RunStore store);
}
