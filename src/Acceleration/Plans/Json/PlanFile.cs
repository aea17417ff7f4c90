namespace Acceleration;

/// <summary>The text of a plan's file, of which no more is read than a plan can have.</summary>
internal static class PlanFile
{
    /// <exception cref="PlanException">The file is too long, or none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path) => BoundedText.Read(path, PlanJson.LongestText, "plan", reason => new PlanException("", reason));
}
