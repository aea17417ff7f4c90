namespace Acceleration.Models;

/// <summary>Prompts as a network reads them.</summary>
/// <param name="Condition">The tensors.</param>
/// <param name="Cut">How many tokens of each prompt were too many for an encoder and had no influence on it; the largest number where there are several encoders.</param>
public sealed record EncodedPrompts(Conditioning Condition, IReadOnlyList<int> Cut) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Condition.Dispose();
}
