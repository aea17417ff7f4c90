namespace Acceleration.Models;

/// <summary>A part of a network under its two names.</summary>
/// <param name="Original">Its name in the original release's file.</param>
/// <param name="Name">Its name in diffusers' layout.</param>
internal readonly record struct ModulePair(string Original, string Name)
{
    /// <summary>The same inside of both.</summary>
    public ModulePair In(string original, string name) => new($"{Original}.{original}", $"{Name}.{name}");
}
