namespace Acceleration.Models;

/// <summary>What can be said of a checkpoint before its layers are made.</summary>
internal static class CheckpointLayout
{
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
}
