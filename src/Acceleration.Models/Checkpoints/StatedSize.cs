namespace Acceleration.Models;

/// <summary>Refuses configurations far larger than their file: nothing must be allocated only to learn that nothing fits.</summary>
internal static class StatedSize
{
    private const double MostExcess = 4;

    /// <summary>Demands that a network could come from a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="asked">Parameters that the configuration implies, at least.</param>
    /// <param name="what">The network in words, such as "4 levels of up to 512 channels".</param>
    /// <exception cref="CheckpointException">It has several times the parameters that the file holds.</exception>
    public static void Require(ICheckpoint file, double asked, string what)
    {
        var held = file.Tensors.Values.Sum(t => t.Shape.Aggregate(1.0, (product, size) => product * size));
        if (asked > MostExcess * held)
        {
            throw new CheckpointException(file.FilePath, null, FormattableString.Invariant($"the configuration asks for {what}, {asked:0} parameters and more; the file holds {held:0}."));
        }
    }
}
