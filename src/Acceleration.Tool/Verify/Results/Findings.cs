using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Collects comparisons: of those that carry one name, the worst is kept.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, Finding> _worst = [];
    private readonly List<string> _refusals = [];

    public IReadOnlyList<Finding> All => [.. _worst.Values];

    /// <summary>Parts of the file that could not be compared, as sentences.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Notes a part that cannot be compared, while others can.</summary>
    public void Refuse(string sentence) => _refusals.Add(sentence);

    public void Add(string what, string where, double error, double tolerance)
    {
        var finding = new Finding(what, where, error, tolerance);
        if (!_worst.TryGetValue(what, out var known) || finding.Share > known.Share)
        {
            _worst[what] = finding;
        }
    }

    /// <summary>Largest difference of two tensors, at most <paramref name="tolerance"/>.</summary>
    public void Within(string what, string where, Tensor actual, Tensor expected, double tolerance) =>
        Add(what, where, Difference(actual, expected), tolerance);

    /// <summary>Largest difference as a part of the reference's largest magnitude, or of <paramref name="floor"/> where that is larger.</summary>
    public void WithinOfMax(string what, string where, Tensor actual, Tensor expected, double tolerance, double floor = 0)
    {
        var difference = Difference(actual, expected);
        Add(what, where, difference == 0 ? 0 : difference / Math.Max(floor, Largest(expected)), tolerance);
    }

    /// <summary>Largest difference of two lists of numbers, relative to the expected one or to <paramref name="floor"/> where that is larger.</summary>
    public void Relative(string what, IEnumerable<double> actual, IEnumerable<double> expected, double tolerance, double floor = 0)
    {
        var (got, wanted) = (actual.ToArray(), expected.ToArray());
        if (got.Length != wanted.Length)
        {
            Add(what, $"{got.Length} values instead of {wanted.Length}", double.PositiveInfinity, tolerance);
            return;
        }

        for (var i = 0; i < got.Length; i++)
        {
            Add(what, $"[{i}]", got[i].Equals(wanted[i]) ? 0 : Math.Abs(got[i] - wanted[i]) / Math.Max(floor, Math.Abs(wanted[i])), tolerance);
        }
    }

    /// <summary>Two lists that must be equal; the error is the number of entries that are not.</summary>
    public void Equal<T>(string what, string where, IEnumerable<T> actual, IEnumerable<T> expected)
    {
        var (got, wanted) = (actual.ToArray(), expected.ToArray());
        var unequal = got.Zip(wanted).Count(p => !Equals(p.First, p.Second)) + Math.Abs(got.Length - wanted.Length);
        Add(what, where, unequal, 0);
    }

    /// <summary>Largest magnitude; 0 for an empty tensor.</summary>
    public static double Largest(Tensor t)
    {
        using var scope = NewDisposeScope();
        return t.numel() == 0 ? 0 : t.to(ScalarType.Float64).abs().max().item<double>();
    }

    /// <summary>Largest difference; infinite where the shapes differ.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        return !actual.shape.AsSpan().SequenceEqual(expected.shape) ? double.PositiveInfinity
            : expected.numel() == 0 ? 0
            : (actual.to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().item<double>();
    }
}
