namespace Acceleration.Models;

/// <summary>A family of networks.</summary>
/// <param name="Classes">The names that configurations give them.</param>
/// <param name="Load">Loads one from a checkpoint.</param>
/// <param name="Marks">Ends of tensor names that tell it from the others where no configuration names a class; none where only that does.</param>
internal sealed record NetworkFamily(IReadOnlyList<string> Classes, Func<ICheckpoint, NetworkOptions?, IDenoiser> Load, params IReadOnlyList<string> Marks)
{
    /// <summary>Whether the tensors are of this family.</summary>
    public bool Recognises(ICheckpoint file) => Marks.Count > 0 && Marks.All(m => file.Names.Any(n => n.EndsWith(m, StringComparison.Ordinal)));
}
