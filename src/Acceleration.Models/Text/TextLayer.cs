namespace Acceleration.Models;

/// <summary>Which states of a text encoder are wanted.</summary>
/// <param name="Skip">How many of the last layers are left out.</param>
/// <param name="Normalised">Whether the encoder's last norm is applied.</param>
public readonly record struct TextLayer(int Skip, bool Normalised)
{
    /// <summary>The last layer, normalised: what encoders return by themselves.</summary>
    public static TextLayer Last { get; } = new(0, true);

    /// <summary>What Stable Diffusion 1 and 2 mean by skipping layers: the norm is applied to an earlier one.</summary>
    /// <param name="layers">Layers to skip (<c>clip_skip</c>); 0 for none.</param>
    public static TextLayer ClipSkip(int layers) => new(layers, true);

    /// <summary>What SDXL and Stable Diffusion 3 read: the layer before the last, or earlier ones, without the norm.</summary>
    /// <param name="layers">Layers to skip beyond that one (<c>clip_skip</c>); 0 for none.</param>
    public static TextLayer Penultimate(int layers = 0) => new(layers + 1, false);
}
