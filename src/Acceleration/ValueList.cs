using System.Collections.ObjectModel;

namespace Acceleration;

/// <summary>A list that never changes and equals another with equal entries: a record that keeps its lists as these needs no equality of its own.</summary>
internal sealed class ValueList<T>(IEnumerable<T> entries) : ReadOnlyCollection<T>([.. entries]), IEquatable<ValueList<T>>
{
    public bool Equals(ValueList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => this.Aggregate(17, HashCode.Combine);
}

/// <summary>Makes them.</summary>
internal static class ValueList
{
    public static ValueList<T> Of<T>(IEnumerable<T> entries) => new(entries);
}
