namespace Acceleration;

/// <summary>A plan that cannot be read, written or used; the message says where, what was there, and what would be right.</summary>
public sealed class PlanException : FormatException
{
    private const int LongestShown = 120;
    private const int LongestReason = 2000;

    /// <summary>Names place and reason.</summary>
    /// <param name="path">Where in the plan, for example <c>strategies[1].easycache.threshold</c>, or where in a tag; empty for the whole.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public PlanException(string path, string reason, Exception? inner = null)
        : base(path.Length == 0 ? $"The plan: {Shorten(reason, LongestReason)}" : $"{path}: {Shorten(reason, LongestReason)}", inner) => (Path, Reason) = (path, reason);

    /// <summary>Where in the plan, for example <c>strategies[1].easycache.threshold</c>, or where in a tag.</summary>
    public string Path { get; }

    /// <summary>The value at fault as it was written, or null where there is none.</summary>
    public string? Value { get; private init; }

    /// <summary>What is allowed there, for example <c>a number of at least 0</c>; null where no value is at fault.</summary>
    public string? Allowed { get; private init; }

    private string Reason { get; }

    /// <summary>The same, with what stands at its place in a tag.</summary>
    internal PlanException Of(string what) => new($"{Path} ({what})", Reason, this) { Value = Value, Allowed = Allowed };

    /// <summary>The same, in a file.</summary>
    internal PlanException In(string file) => new($"{file}{(Path.Length == 0 ? "" : ": " + Path)}", Reason, this) { Value = Value, Allowed = Allowed };

    /// <summary>A value outside of what is allowed.</summary>
    /// <param name="path">Where.</param>
    /// <param name="value">What was there.</param>
    /// <param name="allowed">What would be right; may be a long list.</param>
    /// <param name="inner">The error underneath, if any.</param>
    /// <param name="meant">What was probably meant, told before the list; null for nothing near.</param>
    internal static PlanException NotAllowed(string path, string value, string allowed, Exception? inner = null, string? meant = null)
    {
        var shown = Shorten(value);
        return new(path, $"{shown} is not allowed{(meant is null ? "" : $" (did you mean {meant}?)")}; must be {allowed}.", inner) { Value = shown, Allowed = allowed };
    }

    /// <summary>A name that is not known there.</summary>
    internal static PlanException Unknown(string path, string what, string name, IReadOnlyCollection<string> known)
    {
        var all = known.Count == 0 ? "there are none" : $"known: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        var nearest = NearestName.Of(name, known);
        return new(path, $"there is no {what} '{Shorten(name)}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")} ({all})");
    }

    /// <summary>Text of a plan that may be hostile, short enough for a message.</summary>
    internal static string Shorten(string text) => Shorten(text, LongestShown);

    private static string Shorten(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "...");
}
