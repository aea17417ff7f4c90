namespace Acceleration.Tests.Core.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>An exception.</summary>
    Throw,

    /// <summary>The caller cancels.</summary>
    Cancel,

    /// <summary>libtorch finds no memory.</summary>
    OutOfMemory,

    /// <summary>An answer of another shape.</summary>
    WrongShape,

    /// <summary>An answer of another type.</summary>
    WrongType,

    /// <summary>An answer of NaN.</summary>
    NotANumber,

    /// <summary>No answer.</summary>
    Nothing,
}
