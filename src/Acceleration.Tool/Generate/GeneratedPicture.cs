namespace Acceleration.Tool;

/// <summary>A picture that was written.</summary>
/// <param name="File">Its name in the folder.</param>
/// <param name="Label">Its class; null where it has none.</param>
/// <param name="Seed">Its seed.</param>
internal sealed record GeneratedPicture(string File, long? Label, long Seed);
