using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>Lists of whole numbers, not negative and strictly ascending, or descending.</summary>
public sealed class OrderedAttribute : AllowedAttribute
{
    /// <summary>Whether numbers descend.</summary>
    public bool Descending { get; init; }

    /// <summary>What the list begins with; negative for anything.</summary>
    public int First { get; init; } = -1;

    /// <inheritdoc/>
    public override string Text(bool whole) =>
        $"a list of whole numbers of at least 0 that {(Descending ? "descend" : "ascend")} strictly{(First < 0 ? "" : $" and begin with {First}")}";

    /// <inheritdoc/>
    public override bool Allows(object value)
    {
        var list = (IReadOnlyList<int>)value;
        return list.Count > 0 && list.All(n => n >= 0) && (First < 0 || list[0] == First)
            && list.Zip(list.Skip(1)).All(p => Descending ? p.First > p.Second : p.First < p.Second);
    }

    internal override void Into(JsonObject schema)
    {
        schema["minItems"] = 1;
        schema["uniqueItems"] = true;
        schema["items"]!["minimum"] = 0;
        if (First >= 0)
        {
            schema["prefixItems"] = new JsonArray(new JsonObject { ["const"] = First });
        }
    }
}
