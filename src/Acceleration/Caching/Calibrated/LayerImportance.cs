namespace Acceleration;

/// <summary>
/// EfficientVLA's score of layers (Yang et al., 2025, arXiv 2506.10100): 1 minus the mean cosine between a layer's input and output, over samples and tokens. A layer that changes nothing has 0. For denoisers it ranks the
/// blocks that a cache may skip; blocks that are removed for a whole run destroy pictures.
/// </summary>
public sealed class LayerImportance
{
    private readonly double[] _cosines;
    private readonly long[] _tokens;

    /// <param name="layers">Number of layers, at least 1.</param>
    public LayerImportance(int layers) => (_cosines, _tokens) = (new double[Require.AtLeast(1, layers, nameof(layers))], new long[layers]);

    /// <summary>1 − mean cosine of each layer.</summary>
    /// <exception cref="InvalidOperationException">To a layer nothing was added.</exception>
    public IReadOnlyList<double> Scores => Array.IndexOf(_tokens, 0) is var missing && missing >= 0
        ? throw new InvalidOperationException($"Nothing was added to layer {missing}.")
        : [.. _cosines.Zip(_tokens, (c, n) => 1 - (c / n))];

    /// <summary>Adds what a layer was given and what it made of it.</summary>
    /// <param name="layer">Which, 0-based.</param>
    /// <param name="input">Input, [tokens, width] in row order.</param>
    /// <param name="output">Output, of the same shape.</param>
    /// <param name="width">Numbers of a token, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths differ or are no multiple of the width, or a value is not finite.</exception>
    public void Add(int layer, ReadOnlySpan<float> input, ReadOnlySpan<float> output, int width)
    {
        Require.Within(0, _tokens.Length - 1, layer, nameof(layer));
        Require.AtLeast(1, width, nameof(width));
        if (input.Length != output.Length || input.Length % width != 0 || input.Length == 0)
        {
            throw new ArgumentException($"Input and output are [tokens, {width}] alike; got {input.Length} and {output.Length} numbers.", nameof(input));
        }

        var sum = 0.0;
        for (var at = 0; at < input.Length; at += width)
        {
            sum += Cosine(input.Slice(at, width), output.Slice(at, width));
        }

        if (!double.IsFinite(sum))
        {
            throw new ArgumentException("A value is not finite.", nameof(input));
        }

        _cosines[layer] += sum;
        _tokens[layer] += input.Length / width;
    }

    /// <summary>Adds what was added to another score of as many layers.</summary>
    internal void Add(LayerImportance other)
    {
        for (var i = 0; i < _tokens.Length; i++)
        {
            _cosines[i] += other._cosines[i];
            _tokens[i] += other._tokens[i];
        }
    }

    /// <summary>The least important layers, ascending; of equal ones those in front.</summary>
    /// <param name="count">How many, 0 to all.</param>
    public IReadOnlyList<int> Least(int count)
    {
        Require.Within(0, _tokens.Length, count, nameof(count));
        var scores = Scores;
        return [.. Enumerable.Range(0, scores.Count).OrderBy(i => scores[i]).Take(count).Order()];
    }

    /// <summary>⟨a, b⟩/(‖a‖·‖b‖); two zero vectors are alike, a zero vector is like no other.</summary>
    internal static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return aa == 0 || bb == 0 ? (aa == bb ? 1 : 0) : ab / Math.Sqrt(aa * bb);
    }
}
