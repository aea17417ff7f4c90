using System.Globalization;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The words after a command's name: <c>--option value</c>, and flags. A command reads all it knows, then calls <see cref="RequireAllRead"/>.</summary>
internal sealed class Options(IReadOnlyList<string> words)
{
    private readonly List<string> _left = [.. words];

    /// <summary>Whether a flag is there.</summary>
    public bool Flag(string name) => _left.Remove(name);

    /// <summary>One of some words, or any where only the usual one is given.</summary>
    public string Word(string name, string otherwise, params string[] others) => Value(name) switch
    {
        null => otherwise,
        var word when others.Length == 0 || word == otherwise || others.Contains(word) => word,
        var word => throw new FormatException($"{name} is {string.Join(" or ", others.Prepend(otherwise))}, not '{word}'."),
    };

    /// <summary>Some of the known words, with commas between them; all without it.</summary>
    public string[] Words(string name, params string[] known)
    {
        var words = Value(name)?.Split(',') ?? known;
        return Array.Find(words, w => !known.Contains(w)) is { } other ? throw new FormatException($"{name} knows {string.Join(", ", known)}, not '{other}'.") : words;
    }

    /// <summary>A whole number, at least 1.</summary>
    public int Number(string name, int otherwise) => Value(name) is { } text ? Parse(name, text) : otherwise;

    /// <summary>Whole numbers with commas between them.</summary>
    public int[] Numbers(string name, params int[] otherwise) =>
        Value(name) is { } text ? [.. text.Split(',').Select(part => Parse(name, part))] : otherwise;

    /// <summary>The types to compute in: <c>--dtype float32</c> or <c>bfloat16</c>; all of <paramref name="otherwise"/> without it.</summary>
    public ScalarType[] Types(params ScalarType[] otherwise) => Value("--dtype") switch
    {
        null => otherwise,
        "float32" => [ScalarType.Float32],
        "bfloat16" => [ScalarType.BFloat16],
        var other => throw new FormatException($"--dtype is float32 or bfloat16, not '{other}'."),
    };

    /// <summary>A path, or null.</summary>
    public string? Path(string name) => Value(name);

    /// <exception cref="FormatException">Words are left that nobody asked for.</exception>
    public void RequireAllRead()
    {
        if (_left.Count > 0)
        {
            throw new FormatException($"This command has no option '{_left[0]}'.");
        }
    }

    private string? Value(string name)
    {
        var at = _left.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = at + 1 < _left.Count ? _left[at + 1] : throw new FormatException($"{name} needs a value.");
        _left.RemoveRange(at, 2);
        return value;
    }

    private static int Parse(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw new FormatException($"{name} takes whole numbers of at least 1, not '{text}'.");
}
