using System.Globalization;

namespace Acceleration.Tool;

/// <summary>The inspection of a whole model for people.</summary>
internal static class ModelInspectText
{
    public static void Write(Terminal terminal, ModelInspection found, bool all)
    {
        var console = terminal.Console();
        Line("model", $"{found.Name}, {found.Pipeline}");
        if (found.Problem is not null)
        {
            Line("does not load", found.Problem);
        }
        else
        {
            Line("scheduler", found.Scheduler!);
            Line("network", $"{found.Network}, {found.About}");
            var guidance = found.UsualGuidance is { } scale && scale != 1 ? "guidance " + scale.ToString(CultureInfo.InvariantCulture) : "no guidance";
            Line("usual", string.Create(CultureInfo.InvariantCulture, $"{found.UsualSize}, {found.UsualSteps} steps, {guidance}; sides are multiples of {found.SizeMultiple}"));
            Line("made of", found.MadeOf + (found.Decodes == true ? "" : "; its autoencoder is of a class that is not supported, so latents are written instead of pictures"));
        }

        InspectText.Table(console, "components", ["component", "class", "parameters", "types", "size"], found.Components.Select(c => new[]
        {
            c.Name, c.ClassName ?? "", c.Parameters?.ToString("N0", CultureInfo.InvariantCulture) ?? "", string.Join(", ", c.Types), c.Problem ?? (c.Parameters is null ? "" : InspectText.Bytes(c.Bytes)),
        }));
        InspectText.Sites(console, found.Sites, all);
        InspectText.Strategies(console, found.Strategies);

        void Line(string what, string text) => terminal.Out.WriteLine($"{what}: {ErrorLine.Single(text)}");
    }
}
