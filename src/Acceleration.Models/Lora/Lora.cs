namespace Acceleration.Models;

/// <summary>Low-rank changes to merge into a model when it is loaded.</summary>
/// <param name="File">The changes; not disposed by the model.</param>
/// <param name="Scale">Strength: 1 as trained, 0 for none, finite.</param>
public sealed record Lora(LoraFile File, double Scale = 1)
{
    /// <summary>Strength: 1 as trained, 0 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Scale { get; init => field = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Scale), value, "The strength is a finite number."); } = double.IsFinite(Scale) ? Scale : throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "The strength is a finite number.");
}
