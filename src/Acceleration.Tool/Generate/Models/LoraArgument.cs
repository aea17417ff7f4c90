using System.Globalization;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>Low-rank changes on the command line: FILE or FILE:SCALE.</summary>
internal static class LoraArgument
{
    /// <param name="text">The argument.</param>
    /// <param name="opened">Files to be disposed in the end.</param>
    /// <exception cref="ToolException">There is no such file, or the scale is no number.</exception>
    public static Lora Open(string text, List<LoraFile> opened)
    {
        var colon = text.LastIndexOf(':');
        var (path, scale) = File.Exists(text) || colon <= 0 ? (text, 1.0)
            : double.TryParse(text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var given) && double.IsFinite(given) ? (text[..colon], given)
            : throw new ToolException($"--lora takes FILE or FILE:SCALE such as style.safetensors:0.8, not '{text}'.");
        opened.Add(LoraFile.Open(path));
        return new(opened[^1], scale);
    }
}
