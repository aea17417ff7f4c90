namespace Acceleration.Models;

/// <summary>What is asked of a video network's file before its layers are made.</summary>
internal static class VideoFile
{
    private const double MostExcess = 4;

    /// <summary>What precedes the names of a network's tensors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mark">The end of a name that the network must have.</param>
    /// <param name="network">What the network is called.</param>
    /// <exception cref="CheckpointException">No name ends so.</exception>
    public static string Prefix(ICheckpoint file, string mark, string network)
    {
        var name = file.Names.FirstOrDefault(n => n == mark || n.EndsWith("." + mark, StringComparison.Ordinal))
            ?? throw new CheckpointException(file.FilePath, null, $"this is no {network}: among its {file.Names.Count} tensors there is no {mark}.");
        return name[..^mark.Length];
    }

    /// <summary>Sizes far beyond the file's must not be allocated only to learn that nothing fits.</summary>
    /// <param name="file">The file.</param>
    /// <param name="asked">Parameters that the configuration asks for, or fewer.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="width">Width of a token.</param>
    /// <exception cref="CheckpointException">The file holds far fewer.</exception>
    public static void RequireCredible(ICheckpoint file, double asked, int blocks, int width)
    {
        var held = file.Tensors.Values.Sum(t => t.Shape.Aggregate(1.0, (product, size) => product * size));
        if (asked > MostExcess * held)
        {
            throw new CheckpointException(
                file.FilePath, null, FormattableString.Invariant($"the configuration asks for {blocks} blocks of width {width}, {asked:0} parameters and more; the file holds {held:0}."));
        }
    }
}
