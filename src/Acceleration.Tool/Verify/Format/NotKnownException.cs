namespace Acceleration.Tool;

/// <summary>A golden file asks for something that this library does not compute; the message names it.</summary>
internal sealed class NotKnownException(string message, Exception? inner = null) : Exception(message, inner);
