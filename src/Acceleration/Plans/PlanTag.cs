namespace Acceleration;

/// <summary>Tags of single entries.</summary>
public static class PlanTag
{
    /// <summary>The tag of a strategy, or of any other record with an <see cref="EntryAttribute"/>: what its <c>Tag</c> returns.</summary>
    /// <exception cref="PlanException">The type has no such attribute, or a parameter without an <see cref="InTagAttribute"/>.</exception>
    public static string Of(object entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ChoiceForm.Described(entry, entry.GetType().Name);
        return TagEntry.Of(entry);
    }
}
