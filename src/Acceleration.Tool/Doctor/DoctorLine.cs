namespace Acceleration.Tool;

/// <summary>One thing that <c>doctor</c> looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What was found.</param>
/// <param name="Remedy">The command or setting that puts it right; null where nothing is wrong.</param>
/// <param name="Missing">Whether the tool cannot work without the remedy; else it only works slower.</param>
internal sealed record DoctorLine(string Name, string Value, string? Remedy = null, bool Missing = false);
