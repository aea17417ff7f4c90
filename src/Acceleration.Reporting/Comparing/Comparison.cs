using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>
/// Runs a baseline, settings that are to be faster, and the plain sampler with fewer steps on one request, and reports what each costs and how far its pictures are from
/// the baseline's. Samplers take turns (A B C, A B C, ...), and a few steps of the baseline are timed between them: each is compared with the baseline of its own moment, so that a machine that slows down meanwhile slows down both.
/// </summary>
public sealed class Comparison
{
    private readonly List<Contestant> _contestants = [];

    /// <summary>Starts with what everything is compared with.</summary>
    /// <param name="label">Label of the baseline, for example <c>50 steps</c>.</param>
    /// <param name="baseline">The baseline.</param>
    public Comparison(string label, Sampler baseline)
    {
        Add(RowKind.Baseline, "baseline", label, baseline);
        Heading = baseline.Denoiser.Info.Name;
    }

    /// <summary>Samplers that take part.</summary>
    public int Count => _contestants.Count;

    internal IReadOnlyList<Contestant> Contestants => _contestants;

    internal string Heading { get; private set; }

    internal int Sweeps { get; private set; } = 3;

    internal TimeSpan Budget { get; private set; } = TimeSpan.MaxValue;

    internal bool JudgesArithmetic { get; private set; }

    internal bool CountsEvaluations { get; private set; }

    internal int WarmUpSteps { get; private set; } = 2;

    internal PixelRange Range { get; private set; } = new(-1, 1);

    internal Func<Tensor, Tensor>? Decode { get; private set; }

    internal Func<Tensor, long[]>? Classifier { get; private set; }

    internal IReadOnlyList<long> Wanted { get; private set; } = [];

    /// <summary>Sets the report's title; the network's name without one.</summary>
    public Comparison Title(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Heading = title;
        return this;
    }

    /// <summary>Adds a setting to be judged.</summary>
    /// <param name="group">Settings of one kind share a group and a colour, for example <c>EasyCache</c>.</param>
    /// <param name="label">What sets it apart within the group, for example <c>τ = 0.05</c>.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="reference">
    /// A sampler added before, whose pictures these are compared with instead of the baseline's. Sampling in stages draws fresh noise at each of them and so makes other pictures than the
    /// baseline: what is stacked on it is to be compared with the same stages.
    /// </param>
    /// <param name="family">
    /// Where there are more groups than colours: what some of them have in common, for example the way in which they make up what they skip. A family shares a colour, and each of its groups has a shape and, in the plot, its name. Give one to all
    /// groups or to none.
    /// </param>
    public Comparison Variant(string group, string label, Sampler sampler, Sampler? reference = null, string? family = null) => Add(RowKind.Variant, group, label, sampler, reference, family);

    /// <summary>Adds the plain sampler with fewer steps. Several of them make the line that settings have to stay above.</summary>
    /// <param name="label">Label, for example <c>25 steps</c>.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="reference">As for variants: with it, this is the control of the variants that have the same reference, such as the same stages with fewer steps.</param>
    public Comparison Control(string label, Sampler sampler, Sampler? reference = null) => Add(RowKind.Control, "control", label, sampler, reference);

    /// <summary>Adds the plain sampler with each of several smaller numbers of steps.</summary>
    /// <param name="plain">Makes it for a number of steps.</param>
    /// <param name="steps">The numbers of steps.</param>
    public Comparison Controls(Func<int, Sampler> plain, params IEnumerable<int> steps)
    {
        ArgumentNullException.ThrowIfNull(plain);
        foreach (var n in steps)
        {
            Control(n == 1 ? "1 step" : $"{n} steps", plain(n));
        }

        return this;
    }

    /// <summary>Says how results become pictures. Without this call, results are pictures with values from −1 (black) to 1 (white).</summary>
    /// <param name="range">Pixel values of black and white.</param>
    /// <param name="decode">
    /// Results [samples, channels, ...] → pictures [samples, 1 or 3 channels, height, width], or films [samples, 1 or 3 channels, frames, height, width], which are judged frame by frame; null where results are
    /// pictures. Not timed.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">White is not above black, or one is not finite.</exception>
    public Comparison Pixels(PixelRange range, Func<Tensor, Tensor>? decode = null)
    {
        if (!(range.White > range.Black && double.IsFinite(range.White - range.Black)))
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "White must be above black, and both finite.");
        }

        (Range, Decode) = (range, decode);
        return this;
    }

    /// <summary>Has every sampler's pictures classified.</summary>
    /// <param name="classifier">Pictures [samples, channels, height, width], not clamped → the class of each. Not timed.</param>
    /// <param name="wanted">The classes asked for, one per sample.</param>
    public Comparison Classify(Func<Tensor, long[]> classifier, IReadOnlyList<long> wanted)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(wanted);
        (Classifier, Wanted) = (classifier, [.. wanted]);
        return this;
    }

    /// <summary>
    /// Holds settings against fewer steps of the same arithmetic instead of the same time, in numbers and in the plot: for many settings that are run once, on a machine whose speed varies. Times are in the table all the same.
    /// </summary>
    public Comparison ByArithmetic()
    {
        JudgesArithmetic = true;
        return this;
    }

    /// <summary>
    /// Says that the samplers' networks are one network in several forms, such as a checkpoint and its export: each states its cost in units of its own, so that arithmetic is counted in whole evaluations of it. Without this call, in
    /// multiply-adds, by which a smaller network is cheaper.
    /// </summary>
    public Comparison OfOneNetwork()
    {
        CountsEvaluations = true;
        return this;
    }

    /// <summary>Sets how often every sampler is run: 3 without this call.</summary>
    /// <param name="sweeps">At least 1.</param>
    public Comparison Repeats(int sweeps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sweeps, 1);
        Sweeps = sweeps;
        return this;
    }

    /// <summary>Leaves out sweeps, except the first, that would end later than this after the start: for machines slower than expected.</summary>
    /// <param name="budget">Above zero.</param>
    public Comparison Within(TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budget, TimeSpan.Zero);
        Budget = budget;
        return this;
    }

    /// <summary>Sets how many steps every sampler takes, unmeasured, before the first sweep: 2 without this call.</summary>
    /// <param name="steps">At least 0; a full request where there are fewer steps.</param>
    public Comparison WarmUp(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        WarmUpSteps = steps;
        return this;
    }

    /// <summary>Runs everything on the calling thread, which should be the only one that computes with tensors in this process.</summary>
    /// <param name="request">What to sample; every run draws the same random numbers.</param>
    /// <param name="progress">Told after every step, on the calling thread.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="ArgumentException">Classes were given for another number of samples.</exception>
    /// <exception cref="InvalidOperationException">A sampler failed, or its result is no picture; the message names it.</exception>
    /// <exception cref="ComparisonStoppedException">Cancelled; it holds what had been measured.</exception>
    public ComparisonReport Run(SamplingRequest request, IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Classifier is not null && Wanted.Count != request.Condition.Rows)
        {
            throw new ArgumentException($"{Wanted.Count} classes are wanted of {request.Condition.Rows} samples.", nameof(request));
        }

        using var run = new ComparisonRun(this, request, progress, cancellation);
        return run.ToEnd();
    }

    private Comparison Add(RowKind kind, string group, string label, Sampler sampler, Sampler? reference = null, string? family = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentNullException.ThrowIfNull(sampler);
        var compared = reference is null || reference == _contestants[0].Sampler ? null : _contestants.Find(c => c.Sampler == reference)
            ?? throw new ArgumentException($"The reference of {group}, {label} is not in the comparison: add it first.", nameof(reference));
        _contestants.Add(new(kind, group, label, sampler, family, compared));
        return this;
    }
}
