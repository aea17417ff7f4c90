using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Fits the weights of <see cref="LinearAG"/> by least squares to recorded predictions, over all elements of all trajectories. It keeps inner products alone, so any number of trajectories can be added.
/// <see cref="LinearAGCalibration"/> records them.
/// </summary>
public sealed class LinearAGFit
{
    private readonly InnerProducts _products;

    /// <param name="steps">Steps of a trajectory, at least 1.</param>
    public LinearAGFit(int steps) => _products = new(Steps = Require.AtLeast(1, steps, nameof(steps)));

    /// <summary>Steps of a trajectory.</summary>
    public int Steps { get; }

    /// <summary>Trajectories added so far; each is one sample.</summary>
    public long Trajectories { get; private set; }

    /// <summary>Adds trajectories.</summary>
    /// <param name="conditional">c of each step, all of one shape [samples, channels, ...].</param>
    /// <param name="unconditional">u of each step, of the same shape.</param>
    /// <exception cref="ArgumentException">Not as many as there are steps, of different shapes, or not finite.</exception>
    public void Add(IReadOnlyList<Tensor> conditional, IReadOnlyList<Tensor> unconditional)
    {
        ArgumentNullException.ThrowIfNull(conditional);
        ArgumentNullException.ThrowIfNull(unconditional);
        if (conditional.Count != Steps || unconditional.Count != Steps)
        {
            throw new ArgumentException($"A trajectory has {Steps} conditional and as many unconditional predictions; got {conditional.Count} and {unconditional.Count}.", nameof(conditional));
        }

        var shape = conditional[0].shape;
        if (conditional.Concat(unconditional).FirstOrDefault(t => t.ndim < 2 || !t.shape.AsSpan().SequenceEqual(shape)) is { } other)
        {
            throw new ArgumentException($"Predictions have one shape [samples, channels, ...]; got [{string.Join(", ", shape)}] and [{string.Join(", ", other.shape)}].", nameof(conditional));
        }

        _products.Add(conditional, unconditional);
        Trajectories += shape[0];
    }

    /// <summary>The weights of one step.</summary>
    /// <param name="step">k, 0-based.</param>
    /// <param name="options">How they are fitted; null for the usual.</param>
    /// <exception cref="InvalidOperationException">No trajectory was added, or the weights are not determined.</exception>
    public FittedStep Fit(int step, LinearFitOptions? options = null)
    {
        options ??= new();
        Require.Within(0, Steps - 1, step, nameof(step));
        if (Trajectories == 0)
        {
            throw new InvalidOperationException("There are no trajectories to fit to; add some first.");
        }

        var (conditional, unconditional) = options.Form == LinearForm.Full ? (step + 1, step) : (Math.Min(2, step + 1), Math.Min(1, step));
        int[] terms =
        [
            .. Enumerable.Range(0, conditional).Select(j => _products.Conditional(step - j)),
            .. Enumerable.Range(0, unconditional).Select(j => _products.Unconditional(step - 1 - j)),
            .. options.Intercept ? [_products.One] : Array.Empty<int>(),
        ];
        var weights = Solve(terms, _products.Unconditional(step), options.Ridge);
        var (error, all) = (Error(terms, weights, _products.Unconditional(step)), _products[_products.Unconditional(step), _products.Unconditional(step)]);
        var fitted = new EstimatedStep(step, weights[..conditional], weights[conditional..(conditional + unconditional)], options.Intercept ? weights[^1] : 0);
        return new(fitted, Math.Sqrt(error / _products[_products.One, _products.One]), all == 0 ? 0 : Math.Sqrt(error / all));
    }

    /// <summary>The weights of all steps that LinearAG estimates: every second step of the first half, and with an estimated tail all steps from there on.</summary>
    /// <inheritdoc cref="Fit"/>
    public IReadOnlyList<FittedStep> FitAll(LinearFitOptions? options = null) => [.. LinearAG.Pattern(Steps, (options ?? new()).Tail).Select(k => Fit(k, options))];

    private double[] Solve(int[] terms, int target, double ridge)
    {
        var gram = new double[terms.Length, terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            for (var j = 0; j < terms.Length; j++)
            {
                gram[i, j] = _products[terms[i], terms[j]];
            }
        }

        return NormalEquations.Solve(gram, Array.ConvertAll(terms, t => _products[t, target]), ridge);
    }

    /// <summary>|u − Φβ|² = ⟨u, u⟩ − 2·β·r + β·G·β, which rounding may bring below 0.</summary>
    private double Error(int[] terms, double[] weights, int target)
    {
        var error = _products[target, target];
        for (var i = 0; i < terms.Length; i++)
        {
            error -= 2 * weights[i] * _products[terms[i], target];
            for (var j = 0; j < terms.Length; j++)
            {
                error += weights[i] * weights[j] * _products[terms[i], terms[j]];
            }
        }

        return Math.Max(0, error);
    }
}
