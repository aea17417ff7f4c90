namespace Acceleration;

/// <summary>
/// Computes steps that are spread evenly, about one in every so many, and towards the end every second one: there the noise falls fastest from step to step, and a prediction is hardest to continue. Unlike <see cref="Interval"/> it computes none
/// in a row at the start, where predictions of noise hardly change.
/// </summary>
/// <param name="Every">Steps from one computed one to the next, about, at least 1; need not be whole. 1 computes all.</param>
/// <param name="Tail">Steps at the end that follow at a distance of two: the last, the one two before it, and so on, at least 0.</param>
[Entry("evenSteps", "even")]
public sealed record EvenSteps(double Every, int Tail = 2) : StaticWhen
{
    /// <summary>Steps from one computed one to the next, about.</summary>
    [InTag]
    [AtLeast(1)]
    public double Every { get; init => field = Require.AtLeast(1.0, value); } = Require.AtLeast(1.0, Every, nameof(Every));

    /// <summary>Steps at the end that follow at a distance of two.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Tail, nameof(Tail));

    /// <inheritdoc/>
    public override bool Skips(StepInfo step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (last, distance) = (step.Count - 1, Every < 2 ? 1 : 2);
        var even = Math.Max(0, last - (distance * Tail));
        return step.Index > even ? (last - step.Index) % distance != 0 : !IsOneOf(step.Index, even);
    }

    /// <summary>Whether a step is one of those that part 0 to <paramref name="end"/> into equal gaps of about <see cref="Every"/>.</summary>
    private bool IsOneOf(int index, int end)
    {
        var gaps = Math.Max(1, (int)Math.Round(end / Every));
        return end == 0 || At((int)Math.Round((double)index * gaps / end)) == index;

        int At(int gap) => (int)Math.Round((double)end * gap / gaps, MidpointRounding.AwayFromZero);
    }
}
