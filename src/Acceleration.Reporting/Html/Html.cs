using System.Globalization;

namespace Acceleration.Reporting;

/// <summary>A piece of a page. Text enters it encoded: only what is written as HTML in the source is HTML.</summary>
internal readonly record struct Html(string Text)
{
    private static readonly Encoder Encoding = new();

    public static Html Empty { get; } = new("");

    /// <summary>HTML with encoded holes; numbers are written invariantly, pieces of HTML as they are.</summary>
    public static Html Of(FormattableString html) => new(string.Format(Encoding, html.Format, html.GetArguments()));

    public static Html Join(IEnumerable<Html> parts) => new(string.Join('\n', parts.Select(p => p.Text)));

    public static Html If(bool condition, FormattableString html) => condition ? Of(html) : Empty;

    public override string ToString() => Text;

    private sealed class Encoder : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? type) => type == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? value, IFormatProvider? provider) => value switch
        {
            null => "",
            Html html => html.Text,
            IEnumerable<Html> parts => Join(parts).Text,
            IFormattable f => Encode(f.ToString(format, CultureInfo.InvariantCulture)),
            _ => Encode(value.ToString() ?? ""),
        };

        // Holes are also attribute values, in either kind of quotes.
        private static string Encode(string text) =>
            text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
    }
}
