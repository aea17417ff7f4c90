using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Rotary positions of a joint stream, text tokens first.</summary>
/// <param name="Table">[text + image tokens, head_dim/2].</param>
/// <param name="Text">Text tokens.</param>
internal readonly record struct JointTurns(Tensor Table, long Text)
{
    /// <summary>Those of the tokens that an evaluation runs on; the table itself where these are all.</summary>
    public Tensor For(Evaluation e)
    {
        using var image = Table.narrow(0, Text, Table.size(0) - Text);
        var kept = e.ForTokens(image, 0);
        if (ReferenceEquals(kept, image))
        {
            return Table;
        }

        var text = Table.narrow(0, 0, Text);
        return kept.ndim == 3 ? cat([text.expand(kept.size(0), Text, text.size(1)), kept], 1) : cat([text, kept], 0);
    }
}
