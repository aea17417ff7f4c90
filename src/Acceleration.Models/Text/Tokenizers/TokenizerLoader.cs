namespace Acceleration.Models;

/// <summary>Tells which tokenizer a folder holds.</summary>
internal static class TokenizerLoader
{
    /// <exception cref="CheckpointException">Files are missing, malformed, or of another tokenizer.</exception>
    public static PromptTokenizer Load(string path, TokenizerOptions options)
    {
        try
        {
            return Read(path, options);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair, written as an escape: valid JSON, but no text.
            throw new CheckpointException(path, null, $"a file holds what is no text: {e.Message}", e);
        }
    }

    private static PromptTokenizer Read(string path, TokenizerOptions options)
    {
        var files = new TokenizerFiles(path);
        var settings = new TokenizerSettings(files);
        var hasPairs = files.Has(ClipVocabulary.VocabularyFile) && files.Has(ClipVocabulary.MergesFile);
        var hasPieces = files.Has(SentencePieceModel.FileName);
        var hasJson = files.Has(TokenizerFiles.Json);
        if (settings.ClassName is { } named && !(IsClip(named) || IsT5(named)))
        {
            throw new CheckpointException(path, null, $"this is a {(named.Length > 60 ? named[..60] : named)}; known are CLIPTokenizer and T5Tokenizer.");
        }

        if (hasJson && (options.PrefersJson || !(hasPairs || hasPieces)))
        {
            var json = files.Object(TokenizerFiles.Json)!;
            var type = json.Object("model")?.Text("type");
            return type switch
            {
                "BPE" => ClipTokenizer.From(ClipVocabulary.FromJson(json), settings, options),
                "Unigram" => T5Tokenizer.From(SentencePieceModel.FromJson(json, settings), settings, options),
                _ => throw new CheckpointException(json.File, null, $"its model is of type {type ?? "that is not named"}; known are BPE, as CLIP's, and Unigram, as T5's."),
            };
        }

        if (hasPieces && !(hasPairs && settings.ClassName is { } clip && IsClip(clip)))
        {
            return T5Tokenizer.From(SentencePieceModel.FromBytes(files.PathOf(SentencePieceModel.FileName), files.Bytes(SentencePieceModel.FileName)), settings, options);
        }

        return hasPairs
            ? ClipTokenizer.From(ClipVocabulary.FromFiles(files), settings, options)
            : throw new CheckpointException(
                path, null, $"no tokenizer lies here: there is neither {ClipVocabulary.VocabularyFile} with {ClipVocabulary.MergesFile} (CLIP) nor {SentencePieceModel.FileName} (T5) nor {TokenizerFiles.Json}.");
    }

    private static bool IsClip(string name) => name is "CLIPTokenizer" or "CLIPTokenizerFast";

    private static bool IsT5(string name) => name is "T5Tokenizer" or "T5TokenizerFast";
}
