namespace Acceleration;

/// <summary>Something a network can publish for decisions before its chain runs. Computed only when somebody asks.</summary>
public enum Signal
{
    /// <summary>The time embedding, [rows, width].</summary>
    TimeEmbedding,

    /// <summary>Normalised and modulated input of the first block, [rows, tokens, width].</summary>
    ModulatedInput,
}
