using System.Text.RegularExpressions;

namespace Acceleration.Tool;

/// <summary>A tensor, or several that differ in the numbers of their names only.</summary>
/// <param name="Name">Its name; numbers that differ are *.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Bytes">Bytes of all of them.</param>
/// <param name="Count">How many.</param>
internal sealed partial record TensorLine(string Name, string DType, IReadOnlyList<long> Shape, long Bytes, int Count)
{
    /// <summary>Joins the tensors of repeated blocks.</summary>
    public static IEnumerable<TensorLine> Grouped(IEnumerable<TensorLine> tensors) =>
        tensors.GroupBy(t => (Name: Number().Replace(t.Name, ".*$1"), t.DType, Shape: string.Join('×', t.Shape)))
            .Select(g => g.Count() == 1 ? g.First() : g.First() with { Name = g.Key.Name, Bytes = g.Sum(t => t.Bytes), Count = g.Count() });

    [GeneratedRegex(@"\.\d+(\.|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
