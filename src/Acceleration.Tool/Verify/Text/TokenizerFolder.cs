using System.Text.Json;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>A folder with a tokenizer's files and <c>cases.json</c>: texts and the ids that they must become, from whichever file the tokenizer is read.</summary>
internal sealed class TokenizerFolder
{
    public const string Cases = "cases.json";

    private readonly string _folder;
    private readonly Dictionary<TokenizerOptions, PromptTokenizer> _tokenizers = [];

    private TokenizerFolder(string folder) => _folder = folder;

    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, Cases));

    /// <summary>Compares every case.</summary>
    /// <exception cref="NotKnownException">A case asks for something that this library does not compute.</exception>
    /// <exception cref="CheckpointException">A file is missing or malformed.</exception>
    public static void Check(string folder, Findings found, CancellationToken cancellation) => new TokenizerFolder(folder).Run(found, cancellation);

    private void Run(Findings found, CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, Cases);
        var cases = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        if (cases.ValueKind != JsonValueKind.Array)
        {
            throw new CheckpointException(path, null, "the file holds no list of cases.");
        }

        foreach (var prefersJson in Forms())
        {
            var number = 0;
            foreach (var entry in cases.EnumerateArray())
            {
                cancellation.ThrowIfCancellationRequested();
                number++;
                Compare(found, $"{(prefersJson ? "tokenizer.json, " : "")}case {number}", new($"case {number}", entry), new() { PrefersJson = prefersJson });
            }
        }
    }

    /// <summary>The older files, and <c>tokenizer.json</c> where both lie here.</summary>
    private bool[] Forms() => new[] { "tokenizer.json", "tokenizer.json.gz" }.Any(n => File.Exists(Path.Combine(_folder, n))) && new[] { "spiece.model", "vocab.json" }.Any(n => File.Exists(Path.Combine(_folder, n)))
        ? [false, true]
        : [false];

    private void Compare(Findings found, string where, StoredConfig stored, TokenizerOptions form)
    {
        // What the Rust library makes of it where it differs: not the reference.
        stored.Ignore("ids_fast");
        var (text, options) = (stored.Get<string>("text"), stored.Inner("options"));
        if (options.Get<string?>("pad_token", null) is { } pad)
        {
            form = form with { PadToken = pad };
        }

        var call = TokenizerCall.Of(text, options);
        var tokenizer = Of(form);
        if (options.Get<int?>("pad_token_id", null) is { } padId && padId != tokenizer.PadId)
        {
            throw new NotKnownException($"{where}: padding has the id {padId}, and the tokenizer's has {tokenizer.PadId}.");
        }

        var (ids, mask) = call.Run(tokenizer);
        found.Equal("ids", where, ids, stored.Get<int[]>("ids"));
        if (stored.Has("attention_mask"))
        {
            found.Equal("attention_mask", where, mask.Select(m => m ? 1 : 0), stored.Get<int[]>("attention_mask"));
        }

        if (stored.Has("sp_ids"))
        {
            found.Equal("sp_ids", where, tokenizer.Segment(text), stored.Get<int[]>("sp_ids"));
        }

        if (stored.Has("ids_not_legacy"))
        {
            found.Equal("ids_not_legacy", where, call.Run(Of(form with { Legacy = false })).Ids, stored.Get<int[]>("ids_not_legacy"));
        }

        options.RequireAllRead();
        stored.RequireAllRead();
    }

    private PromptTokenizer Of(TokenizerOptions options) => _tokenizers.TryGetValue(options, out var known) ? known : _tokenizers[options] = PromptTokenizer.Load(_folder, options);
}
