using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>Encoded prompts and their negative ones in one file: those of the latter have <c>negative.</c> before their names.</summary>
internal static class EmbeddingsFile
{
    private const string Sign = "negative.";

    public static void Write(string path, Conditioning condition, Conditioning? negative, IReadOnlyList<string> prompts, string encoder)
    {
        var all = condition.Names.Select(n => (n, condition[n].alias())).Concat(negative is null ? [] : negative.Names.Select(n => (Sign + n, negative[n].alias())));
        using var file = new PromptEmbeddings(new(condition.Rows, [.. all]), prompts, encoder);
        file.Save(path);
    }

    /// <param name="path">The file.</param>
    /// <param name="encoders">The encoders that must have made them; null for any.</param>
    /// <exception cref="CheckpointException">It is missing or holds something else.</exception>
    /// <exception cref="ToolException">Others made them.</exception>
    public static (Conditioning Condition, Conditioning? Negative, IReadOnlyList<string> Prompts) Read(string path, string? encoders)
    {
        using var file = PromptEmbeddings.Read(path);
        try
        {
            file.RequireEncoder(encoders ?? file.Encoder);
        }
        catch (ArgumentException e)
        {
            throw new ToolException($"--embeddings '{path}': they are for another model, or its text encoders were changed: made by {file.Encoder}, where this model has {encoders}. Save them anew with --save-embeddings.", e);
        }

        var (names, rows) = (file.Condition.Names, file.Condition.Rows);
        Conditioning Part(Func<string, bool> belongs) => new(rows, [.. names.Where(belongs).Select(n => (n.StartsWith(Sign, StringComparison.Ordinal) ? n[Sign.Length..] : n, file.Condition[n].alias()))]);
        return (
            Part(n => !n.StartsWith(Sign, StringComparison.Ordinal)),
            names.Any(n => n.StartsWith(Sign, StringComparison.Ordinal)) ? Part(n => n.StartsWith(Sign, StringComparison.Ordinal)) : null,
            file.Prompts);
    }
}
