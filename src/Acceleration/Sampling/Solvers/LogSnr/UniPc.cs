using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// UniPC (Zhao et al., 2023): a multistep predictor, and a corrector of the same order that uses the next step's network call and so costs none. The network sees the predicted latents; what the
/// next step starts from are the corrected ones. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
/// <param name="Order">p, most predictions a step rests on, 1 to 9; the corrector raises the order of accuracy by one. 2 under guidance, 3 without. From 7 on rounding shows in the result.</param>
[Entry("uniPc", "unipc")]
[UsualSchedule(typeof(MultistepGrid))]
public sealed record UniPc(int Order = 2) : ISolver
{
    // History: the latents the last step started from; its prediction in the first-order term and in differences; then predictions, newest first.
    private const int Kept = 3;

    private const string NotToZero = "UniPC with B(h) = h has no last step to sigma 0: end at a noise level above 0, or take B(h) = e^h - 1.";

    /// <summary>p.</summary>
    [InTag("o")]
    [Within(1, 9)]
    public int Order { get; init => field = Require.Within(1, 9, value); } = Require.Within(1, 9, Order, nameof(Order));

    /// <summary>Whether B(h) is h (bh1, for few unguided steps); else e^h − 1 (bh2).</summary>
    [InTag("bh")]
    public bool Bh1 { get; init; }

    /// <summary>Whether ε is taken for a polynomial; else x0. Not for schedules that begin with almost no signal, such as those of flows.</summary>
    [InTag("eps")]
    public bool OfNoise { get; init; }

    /// <summary>Whether the last steps have lower orders.</summary>
    [InTag("whole")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Steps whose result is not corrected, ascending, 0 the first: early ones under strong guidance. Null for none.</summary>
    [InTag("un")]
    [Ordered]
    public IReadOnlyList<int>? Uncorrected { get; init => field = Ascending(value); }

    /// <inheritdoc/>
    public string Name => "unipc";

    /// <inheritdoc/>
    public string? RefuseClip() => OfNoise ? "predictions of the noise, which it takes for a polynomial, are not changed by bounds on clean samples; without OfNoise it takes them." : null;

    /// <inheritdoc/>
    public string? Refuse(Schedule grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Bh1 && grid.Targets[^1].Sigma == 0 ? NotToZero : HalfLogSnr.Refuse(grid);
    }

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => StepInput.Of(state, grid, step);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A level of the step has no finite ln(α/σ), or <see cref="Bh1"/> is to end at 0.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        HalfLogSnr.Require(grid, step);
        if (Bh1 && grid.Targets[step].Sigma == 0)
        {
            throw new ArgumentException($"Schedule {grid.Name}: {NotToZero}");
        }

        // Taken before the scope opens: the prediction remembers its conversions.
        var (leading, m0) = OfNoise ? (now.LeadingEpsilon, now.Epsilon) : (now.LeadingX0, now.X0);
        var inDifferences = now.LeadingInDifferences ? leading : m0;

        using var scope = NewDisposeScope();
        var (history, dtype) = (state.History, state.Latents.dtype);
        var x = IsCorrected(grid, step, history)
            ? Wide.Result(Corrected(grid, step, history, m0), dtype)
            : state.Latents;
        var older = history.IsEmpty ? [] : history[Kept..];
        var order = OrderAt(grid, step, older.Length);
        var points = Before(grid, step, order);
        var terms = UniPcTerms.Of(!OfNoise, Bh1, corrects: false, grid.Points[step], grid.Targets[step], points);
        var mean = Wide.Result(Move(terms, x, leading, inDifferences, older.AsSpan(), null), dtype);
        return new(mean, null, new(mean, [x, leading, inDifferences, m0, .. older.Take(Order - 1)]));
    }

    /// <inheritdoc/>
    public bool Equals(UniPc? other) => other is not null && (Order, Bh1, OfNoise, LowerOrderFinal) == (other.Order, other.Bh1, other.OfNoise, other.LowerOrderFinal) && (Uncorrected ?? []).SequenceEqual(other.Uncorrected ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => (Uncorrected ?? []).Aggregate(HashCode.Combine(Order, Bh1, OfNoise, LowerOrderFinal), HashCode.Combine);

    private static Tensor Move(UniPcTerms terms, Tensor x, Tensor leading, Tensor m0, ReadOnlySpan<Tensor> older, Tensor? next)
    {
        var moved = Wide.Of(x).Times(terms.Latents).Increase(Wide.Of(leading).Times(terms.First));
        var middle = Wide.Of(m0);
        for (var i = 0; i < terms.Places.Length; i++)
        {
            moved.Increase((Wide.Of(older[i]) - middle).Times(terms.Residual * terms.Weights[i] / terms.Places[i]));
        }

        return next is null ? moved : moved.Increase((Wide.Of(next) - middle).Times(terms.Residual * terms.Weights[^1]));
    }

    /// <summary>Where the latents of this step would have been, had the last one known the prediction made here.</summary>
    private Tensor Corrected(Schedule grid, int step, ImmutableArray<Tensor> history, Tensor now)
    {
        var order = OrderAt(grid, step - 1, history.Length - Kept - 1);
        var terms = UniPcTerms.Of(!OfNoise, Bh1, corrects: true, grid.Points[step - 1], grid.Points[step], Before(grid, step - 1, order));
        return Move(terms, history[0], history[1], history[2], history.AsSpan()[(Kept + 1)..], now);
    }

    private bool IsCorrected(Schedule grid, int step, ImmutableArray<Tensor> history) =>
        !history.IsEmpty && step > 0 && Uncorrected?.Contains(grid.WholeSteps - grid.Steps + step - 1) != true;

    /// <summary>p of a step, before which this many predictions are remembered.</summary>
    private int OrderAt(Schedule grid, int step, int remembered)
    {
        // A step to no noise, or of no length, has no differences in units of its own.
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        var most = to.Sigma == 0 || (to.Alpha == from.Alpha && to.Sigma == from.Sigma) ? 1
            : LowerOrderFinal ? Math.Min(Order, grid.Steps - step)
            : Order;
        return Math.Min(most, remembered + 1);
    }

    private static ReadOnlySpan<GridPoint> Before(Schedule grid, int step, int order)
    {
        var points = new GridPoint[order - 1];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = grid.Points[step - 1 - i];
        }

        return points;
    }

    private static IReadOnlyList<int>? Ascending(IReadOnlyList<int>? steps) => steps is null || (steps.Count > 0 && steps[0] >= 0 && steps.Zip(steps.Skip(1)).All(p => p.First < p.Second))
        ? steps is null ? null : [.. steps]
        : throw new ArgumentException($"Steps count from 0 and ascend strictly; got {PlanException.Shorten(string.Join(", ", steps))}.", nameof(Uncorrected));
}
