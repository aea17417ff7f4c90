namespace Acceleration.Models;

/// <summary>What can be said of a checkpoint before its layers are made.</summary>
internal static class CheckpointLayout
{
    private const double MostExcess = 4;

    /// <summary>What precedes the names of a network's tensors in a file.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="tensor">A tensor that every network of the family has.</param>
    /// <param name="family">What the network is called.</param>
    /// <exception cref="CheckpointException">It is not there.</exception>
    public static string PrefixOf(ICheckpoint file, string tensor, string family)
    {
        var name = file.Names.FirstOrDefault(n => n.EndsWith(tensor, StringComparison.Ordinal) && (n.Length == tensor.Length || n[^(tensor.Length + 1)] == '.'));
        return name is null
            ? throw new CheckpointException(file.FilePath, null, $"this is no {family}: among its {file.Names.Count} tensors there is no {tensor}.")
            : name[..^tensor.Length];
    }

    /// <summary>Sizes far beyond the file's must not be allocated only to learn that nothing fits.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="asked">About how many parameters its configuration asks for.</param>
    /// <param name="sizes">What asks for them, as part of a sentence.</param>
    /// <exception cref="CheckpointException">The file has far fewer.</exception>
    public static void RequireCredible(ICheckpoint file, double asked, string sizes)
    {
        var held = file.Tensors.Values.Sum(t => t.Shape.Aggregate(1.0, (product, size) => product * size));
        if (asked > MostExcess * held)
        {
            throw new CheckpointException(
                file.FilePath, null, FormattableString.Invariant($"the configuration asks for {sizes}, {asked:0} parameters and more; the file holds {held:0}."));
        }
    }
}
