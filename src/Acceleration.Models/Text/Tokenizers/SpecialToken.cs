namespace Acceleration.Models;

/// <summary>A token that is found in the text before anything else happens to it.</summary>
/// <param name="Text">Its exact spelling.</param>
/// <param name="Id">Its id.</param>
internal sealed record SpecialToken(string Text, int Id)
{
    /// <summary>Whether it takes the spaces before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the spaces behind it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it counts only between spaces.</summary>
    public bool IsWord { get; init; }
}
