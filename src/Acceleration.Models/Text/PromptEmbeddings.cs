using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Encoded prompts that can be kept in a file and given instead of the prompts, so that the text encoders - often larger than the diffusion network - need not be loaded again. Owns its condition.
/// </summary>
public sealed class PromptEmbeddings : IDisposable
{
    private const string Kind = "prompt_embeddings";
    private const string Schema = "1";
    private const string KindKey = "kind";
    private const string SchemaKey = "schema";
    private const string RowsKey = "rows";
    private const string PromptsKey = "prompts";
    private const string EncoderKey = "encoder";

    /// <summary>Takes a condition.</summary>
    /// <param name="condition">Named tensors, see <see cref="ConditionNames"/>; owned from now on.</param>
    /// <param name="prompts">What was encoded, one text for each row or one for all.</param>
    /// <param name="encoder">Tells the encoders from others: <see cref="TextEncoderInfo.Weights"/>, joined with <c>+</c> where there are several.</param>
    /// <exception cref="ArgumentException">The condition is empty, or there are more or fewer prompts than rows.</exception>
    public PromptEmbeddings(Conditioning condition, IReadOnlyList<string> prompts, string encoder)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentException.ThrowIfNullOrEmpty(encoder);
        if (condition.Names.Count == 0 || (prompts.Count != condition.Rows && prompts.Count != 1))
        {
            throw new ArgumentException(condition.Names.Count == 0 ? "The condition has no tensors." : $"There are {prompts.Count} prompts for {condition.Rows} rows.", nameof(condition));
        }

        (Condition, Prompts, Encoder) = (condition, [.. prompts], encoder);
    }

    /// <summary>What a diffusion network is given.</summary>
    public Conditioning Condition { get; }

    /// <summary>The texts, one for each row or one for all.</summary>
    public IReadOnlyList<string> Prompts { get; }

    /// <summary>Tells the encoders from others.</summary>
    public string Encoder { get; }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors go; null for the CPU.</param>
    /// <exception cref="CheckpointException">It is missing or malformed, or holds something else.</exception>
    public static PromptEmbeddings Read(string path, Device? device = null)
    {
        using var file = SafetensorsFile.Open(path);
        string Text(string key) => file.Metadata.GetValueOrDefault(key) ?? throw Wrong(path, $"its metadata does not say '{key}', so it holds no encoded prompts.");
        if (Text(KindKey) != Kind || Text(SchemaKey) != Schema)
        {
            throw Wrong(path, $"it is of kind '{Text(KindKey)}', version {Text(SchemaKey)}; encoded prompts are of kind '{Kind}', version {Schema}.");
        }

        if (!int.TryParse(Text(RowsKey), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 1)
        {
            throw Wrong(path, $"'{RowsKey}' is no number of rows.");
        }

        var prompts = Texts(path, Text(PromptsKey));
        var encoder = Text(EncoderKey);
        using var scope = NewDisposeScope();
        Conditioning? condition = null;
        try
        {
            // Copies: the file may be replaced or shrink while the condition lives.
            condition = new(rows, [.. file.Names.Select(n => (n, file.ReadCopy(n, device: device)))]);
            return new(condition, prompts, encoder);
        }
        catch (ArgumentException e)
        {
            condition?.Dispose();
            throw Wrong(path, $"it holds no encoded prompts: {e.Message}", e);
        }
    }

    /// <summary>Writes everything to a .safetensors file, which takes the place of one at the path once it is complete.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => SafetensorsFile.Write(path, Condition.Names.Order(StringComparer.Ordinal).Select(n => (n, Condition[n])), new Dictionary<string, string>
    {
        [KindKey] = Kind,
        [SchemaKey] = Schema,
        [RowsKey] = Condition.Rows.ToString(CultureInfo.InvariantCulture),
        [PromptsKey] = JsonSerializer.Serialize(Prompts),
        [EncoderKey] = Encoder,
    });

    /// <summary>Demands that certain encoders made them.</summary>
    /// <param name="encoder">As given to the constructor.</param>
    /// <exception cref="ArgumentException">Others did: the network was trained with other texts' states.</exception>
    public void RequireEncoder(string encoder)
    {
        if (encoder != Encoder)
        {
            throw new ArgumentException($"These prompts were encoded by {Encoder}, not by {encoder}. Encode them anew.", nameof(encoder));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Condition.Dispose();

    private static string[] Texts(string path, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) is { } texts && texts.All(t => t is not null) ? texts : throw Wrong(path, $"'{PromptsKey}' is no list of texts.");
        }
        catch (JsonException e)
        {
            throw Wrong(path, $"'{PromptsKey}' is no list of texts.", e);
        }
    }

    private static CheckpointException Wrong(string path, string reason, Exception? inner = null) => new(path, null, reason, inner);
}
