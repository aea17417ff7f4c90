using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One of the cases of a golden file that holds a network: its inputs and what else it was called with.</summary>
/// <param name="file">The file.</param>
/// <param name="number">From 1.</param>
/// <param name="arguments">What is no tensor.</param>
internal sealed class StoredCase(GoldenFile file, int number, StoredConfig arguments)
{
    private readonly string _suffix = number == 1 ? "" : $"{number}";

    public int Number => number;

    /// <summary>What is no tensor: all of it must be read.</summary>
    public StoredConfig Arguments => arguments;

    /// <summary>The cases of a file.</summary>
    public static IReadOnlyList<StoredCase> Of(GoldenFile file)
    {
        JsonElement[] stored = file.TextOrNull("cases") is null ? [JsonSerializer.SerializeToElement(new { })] : file.Json("cases").Deserialize<JsonElement[]>()!;
        return [.. stored.Select((s, i) => new StoredCase(file, i + 1, new($"case {i + 1}", s)))];
    }

    public bool Has(string input) => file.Has(InputOf(input));

    /// <exception cref="CheckpointException">There is none of this name.</exception>
    public Tensor Read(string input) => file.Read(InputOf(input));

    public Tensor? ReadOrNull(string input) => file.ReadOrNull(InputOf(input));

    /// <summary>A number per row: a tensor, or one number for all among the arguments.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="rows">How many rows.</param>
    public Tensor Numbers(string input, long rows) => ReadOrNull(input)?.to(ScalarType.Float32) ?? full([rows], Arguments.Get<double>(input), ScalarType.Float32);

    /// <summary>The results that are stored.</summary>
    public IReadOnlyList<string> Outputs => [.. file.Names.Where(n => n.StartsWith(Output, StringComparison.Ordinal)).Select(n => n[Output.Length..])];

    public Tensor Reference(string output) => file.Read(Output + output);

    /// <summary>The same in double precision.</summary>
    public Tensor? Reference64(string output) => file.ReadOrNull($"output64{_suffix}.{output}");

    private string Output => $"output{_suffix}.";

    private string InputOf(string name) => $"input{_suffix}.{name}";
}
