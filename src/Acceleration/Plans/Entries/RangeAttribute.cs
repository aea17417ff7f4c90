using System.Globalization;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>A range of numbers.</summary>
public abstract class RangeAttribute : AllowedAttribute
{
    /// <summary>Lower end; −∞ for none.</summary>
    public double Least { get; protected init; } = double.NegativeInfinity;

    /// <summary>Upper end; +∞ for none.</summary>
    public double Most { get; protected init; } = double.PositiveInfinity;

    /// <summary>Whether the lower end itself is not allowed.</summary>
    public bool OpenBelow { get; init; }

    /// <summary>Whether the upper end itself is not allowed.</summary>
    public bool OpenAbove { get; init; }

    /// <inheritdoc/>
    public override string Text(bool whole)
    {
        var number = whole ? "a whole number" : "a number";
        var (least, most) = (Least.ToString(CultureInfo.InvariantCulture), Most.ToString(CultureInfo.InvariantCulture));
        if (double.IsPositiveInfinity(Most))
        {
            return OpenBelow ? $"{number} above {least}" : $"{number} of at least {least}";
        }

        return OpenBelow || OpenAbove
            ? $"{number} {(OpenBelow ? "above" : "of at least")} {least} and {(OpenAbove ? "below" : "at most")} {most}"
            : $"{number} from {least} to {most}";
    }

    /// <inheritdoc/>
    public override bool Allows(object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return (OpenBelow ? number > Least : number >= Least) && (OpenAbove ? number < Most : number <= Most);
    }

    internal override void Into(JsonObject schema)
    {
        schema[OpenBelow ? "exclusiveMinimum" : "minimum"] = Least;
        if (!double.IsPositiveInfinity(Most))
        {
            schema[OpenAbove ? "exclusiveMaximum" : "maximum"] = Most;
        }
    }
}
