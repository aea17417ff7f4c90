namespace Acceleration;

/// <summary>
/// Fits the factors of <see cref="Damped"/> to recorded outputs by least squares, α = ⟨y − y₀, y₁ − y₀⟩/‖y₁ − y₀‖² for each number of steps since the last computed one, over all that was added. Keeps two numbers
/// for each. After ScalingCache (ICLR 2026); the fit is ours.
/// </summary>
public sealed class DampingFit
{
    private readonly double[] _products;
    private readonly double[] _squares;

    /// <param name="horizons">Longest number of steps since the last computed one, at least 1.</param>
    public DampingFit(int horizons) => (_products, _squares) = (new double[Require.AtLeast(1, horizons, nameof(horizons))], new double[horizons]);

    /// <summary>Adds an output and what it would have been made from.</summary>
    /// <param name="horizon">Steps since the last computed one, from 1.</param>
    /// <param name="output">y, what the network gave.</param>
    /// <param name="last">y₀, the last computed output.</param>
    /// <param name="line">y₁, the line through the last two.</param>
    /// <exception cref="ArgumentException">They are not of one length, or a value is not finite.</exception>
    public void Add(int horizon, ReadOnlySpan<float> output, ReadOnlySpan<float> last, ReadOnlySpan<float> line)
    {
        Require.Within(1, _products.Length, horizon, nameof(horizon));
        if (output.Length != last.Length || output.Length != line.Length)
        {
            throw new ArgumentException($"Output, last output and line are of one length; got {output.Length}, {last.Length} and {line.Length}.", nameof(output));
        }

        var (product, square) = (0.0, 0.0);
        for (var i = 0; i < output.Length; i++)
        {
            var change = (double)line[i] - last[i];
            product += ((double)output[i] - last[i]) * change;
            square += change * change;
        }

        if (!double.IsFinite(product) || !double.IsFinite(square))
        {
            throw new ArgumentException("A value is not finite.", nameof(output));
        }

        _products[horizon - 1] += product;
        _squares[horizon - 1] += square;
    }

    /// <summary>⟨y − y₀, y₁ − y₀⟩, summed over all that was added, for 1, 2, ... steps.</summary>
    internal IReadOnlyList<double> Products => _products;

    /// <summary>‖y₁ − y₀‖², summed likewise.</summary>
    internal IReadOnlyList<double> Squares => _squares;

    /// <summary>Adds what was added to another fit of as many steps.</summary>
    internal void Add(DampingFit other)
    {
        for (var i = 0; i < _products.Length; i++)
        {
            _products[i] += other._products[i];
            _squares[i] += other._squares[i];
        }
    }

    /// <summary>α for 1, 2, ... steps since the last computed one.</summary>
    /// <param name="most">Largest factor, at least 0. The smallest is 0.</param>
    /// <exception cref="InvalidOperationException">To a number of steps nothing was added, or nothing in which the line goes anywhere.</exception>
    public IReadOnlyList<double> Fit(double most = 1.2)
    {
        Require.AtLeast(0.0, most, nameof(most));
        var undetermined = Array.FindIndex(_squares, s => s == 0);
        return undetermined < 0 ? [.. _products.Zip(_squares, (p, s) => Math.Clamp(p / s, 0, most))]
            : throw new InvalidOperationException($"Nothing that changes was added for {undetermined + 1} {(undetermined == 0 ? "step" : "steps")} since the last computed one, so that its factor is not determined.");
    }
}
