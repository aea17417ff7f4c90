using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>Class labels: numbers and ranges, separated by commas or blanks, for example <c>0,3,5-9</c>.</summary>
internal static class LabelsOption
{
    private const int MostLabels = 100_000;

    /// <summary>Labels when none are given: one picture of each class, of as many classes at most.</summary>
    private const int UsualLabels = 10;

    public static Option<long[]?> Make() => new("--labels")
    {
        Description = "Class labels, one picture each: 0,3,5-9. Without it, one of each class, at most 10.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Parse(result, "--labels"),
    };

    /// <summary>Numbers and ranges; null, with an error that names the option, where they are none.</summary>
    public static long[]? Parse(ArgumentResult result, string option)
    {
        var labels = new List<long>();
        foreach (var part in result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (Range(part) is not { } range || range.Last - range.First >= MostLabels - labels.Count)
            {
                result.AddError($"{option} takes whole numbers and ranges such as 0,3,5-9, not '{part}'.");
                return null;
            }

            // Counted, because no label is above the largest.
            for (var i = 0L; i <= range.Last - range.First; i++)
            {
                labels.Add(range.First + i);
            }
        }

        return [.. labels];
    }

    /// <summary>Labels that a network has.</summary>
    /// <exception cref="ToolException">One it has not, or it has no classes.</exception>
    public static long[] For(IDenoiser denoiser, long[]? asked)
    {
        var network = denoiser.Info;
        if (network.Classes == 0)
        {
            throw denoiser is OnnxDenoiser ? OnnxNetwork.NoClasses(network) : new ToolException(network.Conditions.Count == 0
                ? $"{network.Name} has no classes: a network alone is sampled by its labels. Name the model's folder, with a model_index.json."
                : $"{network.Name} reads {string.Join(", ", network.Conditions.Where(c => !c.IsOptional).Select(c => c.Name))}, which a network alone cannot be given here: name the model's folder, with a model_index.json, or its single file.");
        }

        var labels = asked is { Length: > 0 } ? asked : [.. Enumerable.Range(0, Math.Min(UsualLabels, network.Classes)).Select(i => (long)i)];
        var wrong = labels.Where(l => l < 0 || l >= network.Classes).ToArray();
        return wrong.Length == 0 ? labels : throw new ToolException($"--labels: {network.Name} has classes 0 to {network.Classes - 1}, not {wrong[0]}.");
    }

    private static (long First, long Last)? Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? (Number(text), Number(text)) : (Number(text[..dash]), Number(text[(dash + 1)..]));
        return first is { } a && last is { } b && a <= b ? (a, b) : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
