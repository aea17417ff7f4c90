namespace Acceleration.Tool;

/// <summary>What came of checking a golden file.</summary>
internal enum Verdict
{
    /// <summary>Everything is within its tolerance.</summary>
    Holds,

    /// <summary>Something is not.</summary>
    Misses,

    /// <summary>It holds weights for other files, and nothing to compare.</summary>
    Nothing,

    /// <summary>The file, or a setting in it, is of a kind that is not known.</summary>
    Unknown,

    /// <summary>The file cannot be read, or lacks something.</summary>
    Unreadable,
}
