namespace Acceleration.Tool;

/// <summary>Something the user asked for cannot be done. The message is one line: what, where, and what would be right.</summary>
internal sealed class ToolException(string message, Exception? inner = null) : Exception(message, inner);
