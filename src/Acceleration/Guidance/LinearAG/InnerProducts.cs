using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Inner products of the predictions of whole trajectories, summed over samples in float64: all that a least-squares fit needs.</summary>
/// <param name="steps">Steps of a trajectory.</param>
internal sealed class InnerProducts(int steps)
{
    private readonly int _size = (2 * steps) + 1;
    private readonly double[] _sums = new double[((2 * steps) + 1) * ((2 * steps) + 1)];

    /// <summary>Number of the vector that holds ones: the constant term.</summary>
    public int One => 2 * steps;

    public int Conditional(int step) => step;

    public int Unconditional(int step) => steps + step;

    /// <summary>⟨a, b⟩ of two vectors by their numbers.</summary>
    public double this[int a, int b] => _sums[(a * _size) + b];

    /// <summary>Adds trajectories.</summary>
    /// <param name="conditional">c of each step, [samples, ...].</param>
    /// <param name="unconditional">u of each step.</param>
    /// <exception cref="ArgumentException">A prediction is not finite.</exception>
    public void Add(IReadOnlyList<Tensor> conditional, IReadOnlyList<Tensor> unconditional)
    {
        using var scope = NewDisposeScope();
        var sum = KeptScalars.Full([_size, _size], 0.0, ScalarType.Float64, conditional[0].device);
        for (var sample = 0L; sample < conditional[0].size(0); sample++)
        {
            // One sample at a time: in float64 a batch of videos would not fit beside the network.
            using var inner = NewDisposeScope();
            var rows = stack([.. conditional.Concat(unconditional).Select(t => t.narrow(0, sample, 1).flatten().to(ScalarType.Float64))], 0);
            var vectors = cat([rows, ones_like(rows.narrow(0, 0, 1))], 0);
            sum.Increase(vectors.matmul(vectors.transpose(0, 1)));
        }

        var values = HostReads.Doubles(sum);
        if (Array.Exists(values, v => !double.IsFinite(v)))
        {
            throw new ArgumentException("A trajectory has predictions that are not finite; nothing can be fitted to it.", nameof(conditional));
        }

        for (var i = 0; i < values.Length; i++)
        {
            _sums[i] += values[i];
        }
    }
}
