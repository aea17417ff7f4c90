using System.Globalization;
using System.Text.Json;

namespace Acceleration.Models;

/// <summary>
/// Special tokens and settings from <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>added_tokens.json</c> and <c>tokenizer.json</c>. Where the first lists all added tokens, it alone counts, as in transformers.
/// </summary>
internal sealed class TokenizerSettings
{
    // Above any vocabulary; a file's number must not make a table of two thousand million entries.
    private const int MostIds = 1 << 24;

    private readonly ModelJson? _config;
    private readonly ModelJson? _map;

    public TokenizerSettings(TokenizerFiles files)
    {
        _config = files.Object("tokenizer_config.json");
        ClassName = _config?.Text("tokenizer_class");
        if (_config?.Object("added_tokens_decoder") is { } decoder)
        {
            Listed = [.. decoder.Root.EnumerateObject().Select(t => Read(decoder, t.Value, int.TryParse(t.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null))];
            return;
        }

        _map = files.Object("special_tokens_map.json");
        var added = files.Object("added_tokens.json");
        var json = files.Object(TokenizerFiles.Json);
        Listed =
        [
            .. added?.Root.EnumerateObject().Select(t => new SpecialToken(t.Name, Id(added, ModelJson.Whole(t.Value)))) ?? [],
            .. json?.Array("added_tokens").Select(t => Read(json, t, t.ValueKind == JsonValueKind.Object && t.TryGetProperty("id", out var id) ? ModelJson.Whole(id) : null)) ?? [],
        ];
    }

    /// <summary>The class that the configuration names.</summary>
    public string? ClassName { get; }

    /// <summary>Added tokens with their ids.</summary>
    public IReadOnlyList<SpecialToken> Listed { get; }

    /// <summary>Special tokens beside those with a role of their own.</summary>
    public IReadOnlyList<string> Additional => [.. new[] { _config, _map }.OfType<ModelJson>().SelectMany(j => j.Array("additional_special_tokens").Select(t => Content(j, t))).Distinct()];

    /// <summary>The greatest length; null where there is none. The number that stands for none has thirty digits.</summary>
    public int? MaxLength => _config?.Find("model_max_length") is { ValueKind: JsonValueKind.Number } length && length.TryGetDouble(out var tokens) && tokens is >= 1 and < MostIds ? (int)tokens : null;

    public bool? Legacy => _config?.Flag("legacy");

    public bool AddsPrefixSpace => _config?.Flag("add_prefix_space") ?? true;

    public int? ExtraIds => _config?.Count("extra_ids");

    /// <summary>The token of a role, such as <c>pad_token</c>.</summary>
    public string Token(string role, string otherwise) => _map?.Token(role) ?? _config?.Token(role) ?? otherwise;

    private static string Content(ModelJson json, JsonElement token) =>
        ModelJson.String(token) ?? (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out var content) ? ModelJson.String(content) : null) ?? throw json.Wrong("additional_special_tokens", "a list of tokens");

    private static SpecialToken Read(ModelJson json, JsonElement token, int? id)
    {
        if (token.ValueKind != JsonValueKind.Object)
        {
            throw json.Wrong("an added token", "an object");
        }

        var entry = new ModelJson(json.File, token, json.At);
        return new(entry.Text("content") ?? throw entry.Wrong("content", "there, though an added token needs it"), Id(json, id))
        {
            StripsLeft = entry.Flag("lstrip") ?? false,
            StripsRight = entry.Flag("rstrip") ?? false,
            IsWord = entry.Flag("single_word") ?? false,
        };
    }

    private static int Id(ModelJson json, int? id) => id < MostIds ? id.Value : throw json.Wrong("the id of an added token", $"a whole number below {MostIds}");
}
