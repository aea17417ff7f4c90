namespace Acceleration.Fuzz;

/// <summary>A promise that was not kept without an exception.</summary>
internal sealed class FuzzException(string message, Exception? inner = null) : Exception(message, inner);
