using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What a text encoder makes of prompts. Owns its tensors.</summary>
public sealed class TextEncoding : IDisposable
{
    internal TextEncoding(Tensor states, Tensor? pooled) => (States, Pooled) = (states.DetachFromDisposeScope(), pooled?.DetachFromDisposeScope());

    /// <summary>One state for every token, [rows, tokens, width].</summary>
    public Tensor States { get; }

    /// <summary>One for the whole text, [rows, width]; null where the encoder makes none. With a projection it is the projected one (<c>text_embeds</c>), else the state of the end token (<c>pooler_output</c>).</summary>
    public Tensor? Pooled { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        States.Dispose();
        Pooled?.Dispose();
    }
}
