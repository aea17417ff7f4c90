using static TorchSharp.torch;

namespace Acceleration;

/// <summary>One stream of a skipped or computed part, as an approximation meets it.</summary>
/// <param name="At">The site.</param>
/// <param name="Name">Stream and part, which keep apart what is remembered.</param>
public readonly record struct HowCall(SiteCall At, string Name)
{
    /// <summary>What the blocks before the skipped ones made of the input, main stream, of the rows in question, as <see cref="Input"/>; null where <see cref="IHow.NeedsProbe"/> is not said.</summary>
    public Tensor? Probe { get; init; }

    /// <summary>Input of the site, main stream, of the rows in question: [rows, ...], or [rows, frames, ...] where the site holds the frames of a row along dimension 0.</summary>
    public required Tensor Input { get; init; }

    /// <summary>Where in the trajectory.</summary>
    public StepInfo Step => At.Step;

    /// <summary>The key under which something is remembered for this stream.</summary>
    public StoreKey Key(string suffix = "") => At.Key(Name + suffix);
}
