namespace Acceleration.Tool;

/// <summary>An inspection of an ONNX model for people.</summary>
internal static class OnnxInspectText
{
    public static void Write(Terminal terminal, OnnxInspection found, bool all)
    {
        var console = terminal.Console();
        terminal.Out.WriteLine($"{Printable.Of(found.File)}: {found.Kind}");
        terminal.Out.WriteLine(ErrorLine.Single(found.About));
        InspectText.Table(console, "inputs", ["input", "is given"], found.Inputs.Select(i => new[] { i.Input, i.What }));
        InspectText.Sites(console, found.Sites, all);
        InspectText.Strategies(console, found.Strategies);
    }
}
