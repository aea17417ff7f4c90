using System.Globalization;
using System.Text.RegularExpressions;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of text encoders: states of any layer, with the last norm or without, and the state of the whole text.</summary>
internal sealed partial class TextEncoderCheck() : ModelCheck<TextEncoder>([.. TextEncoder.Classes])
{
    private const string Last = "last_hidden_state";

    public override string Kind => "text";

    protected override TextEncoder Load(GoldenFile file) => TextEncoder.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(TextEncoder model, StoredCase given)
    {
        var mask = given.ReadOrNull("attention_mask");
        var prompts = new PromptTokens(Rows(given.Read("input_ids"), i => checked((int)i)), mask is null ? null : Rows(mask, m => m != 0));
        foreach (var name in given.Outputs.Where(n => n != Last && Layer(n) is not null).Prepend(Last))
        {
            using var made = model.Encode(prompts, Layer(name) ?? TextLayer.Last, masked: mask is not null);
            yield return (name, made.States);
            if (name == Last && made.Pooled is { } pooled)
            {
                yield return (model.Info.ClassName.EndsWith("WithProjection", StringComparison.Ordinal) ? "text_embeds" : "pooler_output", pooled);
            }
        }
    }

    /// <summary><c>hidden_states_m2</c> is the state before the last layer, <c>hidden_states_m2_ln</c> the same behind the last norm.</summary>
    private static TextLayer? Layer(string output) => LayerName().Match(output) is { Success: true } name
        ? new(int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1, name.Groups[2].Success)
        : null;

    private static IReadOnlyList<IReadOnlyList<T>> Rows<T>(Tensor stored, Func<long, T> entry)
    {
        if (stored.ndim != 2 || stored.numel() == 0)
        {
            throw new NotKnownException($"token ids and masks have two dimensions; one has the shape [{string.Join(", ", stored.shape)}].");
        }

        using var whole = stored.to(ScalarType.Int64);
        return [.. whole.data<long>().ToArray().Chunk((int)stored.size(1)).Select(r => (IReadOnlyList<T>)[.. r.Select(entry)])];
    }

    [GeneratedRegex("^hidden_states_m([1-9][0-9]{0,3})(_ln)?$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
