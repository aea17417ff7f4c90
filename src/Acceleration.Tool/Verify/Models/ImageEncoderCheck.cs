using System.Globalization;
using System.Text.RegularExpressions;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of image encoders: states of any layer, and the state of the whole picture.</summary>
internal sealed partial class ImageEncoderCheck() : ModelCheck<ImageEncoder>([.. ImageEncoder.Classes])
{
    private const string Last = "last_hidden_state";

    protected override ImageEncoder Load(GoldenFile file) => ImageEncoder.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(ImageEncoder model, StoredCase given)
    {
        var pictures = given.Read("pixel_values");
        yield return (Last, model.States(pictures));
        yield return (model.Info.ClassName.EndsWith("WithProjection", StringComparison.Ordinal) ? "image_embeds" : "pooler_output", model.Pooled(pictures));
        foreach (var name in given.Outputs.Where(n => LayerName().IsMatch(n)))
        {
            yield return (name, model.States(pictures, int.Parse(LayerName().Match(name).Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1));
        }
    }

    /// <summary><c>hidden_states_m2</c> are the states before the last layer.</summary>
    [GeneratedRegex("^hidden_states_m([1-9][0-9]{0,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}
