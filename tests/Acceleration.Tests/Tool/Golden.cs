using System.Globalization;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

/// <summary>The golden files of this repository, checked by the engine of <c>acceleration verify</c>.</summary>
internal static class Golden
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static string PathOf(string name) => Path.Combine(Folder, name + ".safetensors");

    /// <summary>Asserts that a file holds, and that each of the named comparisons was made.</summary>
    public static CheckResult Holds(string name, params IReadOnlyList<string> comparisons)
    {
        var result = Verification.Of(PathOf(name), cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Verdict == Verdict.Holds, $"{name}: {result.Reason} {string.Join("; ", result.Findings.Where(f => !f.Holds).Select(f => $"{f}: {f.Error.ToString(CultureInfo.InvariantCulture)} of {f.Tolerance.ToString(CultureInfo.InvariantCulture)}"))}");
        Assert.All(comparisons, c => Assert.Contains(result.Findings, f => f.What == c));
        return result;
    }

    /// <summary>A copy with other tensors or metadata.</summary>
    public static void Copy(string name, string path, Action<Dictionary<string, Tensor>>? tensors = null, Action<Dictionary<string, string>>? metadata = null)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(PathOf(name));
        var (changed, text) = (file.Names.ToDictionary(n => n, n => file.Read(n)), file.Metadata.ToDictionary());
        tensors?.Invoke(changed);
        metadata?.Invoke(text);
        SafetensorsFile.Write(path, changed.Select(t => (t.Key, t.Value)), text);
    }

    /// <summary>A tensor whose largest entry is off by a tenth, or by one where it holds whole numbers.</summary>
    public static Tensor Off(Tensor t)
    {
        var copy = t.clone();
        var at = copy.abs().argmax().item<long>();
        copy.view(-1)[at] = copy.is_floating_point() ? copy.view(-1)[at] * 1.1 : copy.view(-1)[at] + 1;
        return copy;
    }
}
