using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a decision sees.</summary>
/// <param name="At">The site, with its rows and step.</param>
/// <param name="Input">Input of the site, for all of its rows.</param>
public readonly record struct WhenCall(SiteCall At, Value Input)
{
    /// <summary>The value in front of the first range of blocks that may be skipped, for all rows: what the blocks before it, which always run, made. Null where <see cref="IWhen.NeedsProbe"/> is not said.</summary>
    public Value? Probe { get; init; }

    /// <summary>What <see cref="AddedOf(RowSet)"/> has formed.</summary>
    internal ProbeAdded? Added { get; init; }

    /// <summary>Where in the trajectory.</summary>
    public StepInfo Step => At.Step;

    /// <summary>The key under which something is remembered for this site and network call.</summary>
    public StoreKey Key(string name) => At.Key(name);

    /// <summary>The site's input, main stream, of some of its rows: [rows, ...], or [rows, frames, ...] where the site holds the frames of a row along dimension 0.</summary>
    public Tensor InputOf(RowSet rows) => Of(Input.Main, rows);

    /// <summary>The probe, main stream, of some of the site's rows, as <see cref="InputOf"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no probe: <see cref="IWhen.NeedsProbe"/> is not said.</exception>
    public Tensor ProbeOf(RowSet rows) => Probe is { } probe ? Of(probe.Main, rows) : throw new InvalidOperationException($"There is no probe at {At.Site}: the decision does not say that it needs one.");

    /// <summary>What the first blocks added to the input, main stream, of some of the site's rows: formed once where it is asked for again. It is not to be disposed, nor changed.</summary>
    /// <exception cref="InvalidOperationException">There is no probe: <see cref="IWhen.NeedsProbe"/> is not said.</exception>
    internal Tensor AddedOf(RowSet rows)
    {
        if (Added?.Find(rows) is { } known)
        {
            return known;
        }

        var formed = ProbeOf(rows) - InputOf(rows);
        Added?.Keep(rows, formed);
        return formed;
    }

    /// <summary>The same of one in so many tokens.</summary>
    internal Tensor AddedOf(RowSet rows, int stride) => stride == 1 ? AddedOf(rows) : Change.Sampled(ProbeOf(rows), stride) - Change.Sampled(InputOf(rows), stride);

    /// <summary>A published signal of some of the site's rows, as <see cref="InputOf"/>; one row where all share it.</summary>
    /// <exception cref="InvalidOperationException">The network has not published it: name it in <see cref="IWhen.Signals"/>.</exception>
    public Tensor SignalOf(Signal signal, RowSet rows) => At.Signal(signal) is { } published ? Of(published, rows) : throw new InvalidOperationException($"The network has not published its {signal} before {At.Site}.");

    private Tensor Of(Tensor x, RowSet rows) => rows.Unfold(At.Rows.Take(x, rows));
}
