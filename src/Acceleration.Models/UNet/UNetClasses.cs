namespace Acceleration.Models;

/// <summary>How the class condition becomes an embedding (<c>class_embed_type</c>).</summary>
internal enum UNetClassForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A row of a table for each label.</summary>
    Table,

    /// <summary>A number, encoded and embedded as the time is.</summary>
    Number,

    /// <summary>A vector, added as it is.</summary>
    Identity,

    /// <summary>A vector through two layers.</summary>
    Projection,

    /// <summary>A vector through one layer.</summary>
    Linear,
}

/// <summary>The class condition.</summary>
/// <param name="Form">How it becomes an embedding.</param>
/// <param name="Count">Rows of the table; 0 for other forms.</param>
/// <param name="Null">The label that stands for none, the table's last; null where there is none.</param>
/// <param name="Width">Width of the vector; 0 for other forms.</param>
/// <param name="IsJoined">Whether it is put beside the time embedding instead of being added to it.</param>
internal sealed record UNetClasses(UNetClassForm Form, int Count = 0, int? Null = null, int Width = 0, bool IsJoined = false);
