namespace Acceleration.Models;

/// <summary>The sizes of a TransformerForDiffusion.</summary>
internal sealed record PolicyTransformerConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostLength = 1 << 16;
    private const int MostBlocks = 1 << 10;

    public required int ActionSize { get; init; }

    public required int Horizon { get; init; }

    /// <summary>Width of an observation; 0 where the network reads none.</summary>
    public required int ObservationSize { get; init; }

    /// <summary>Observations it is given.</summary>
    public required int Observations { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int Heads { get; init; }

    /// <summary>Transformer layers that encode time and observations; 0 for a small network instead.</summary>
    public required int MemoryDepth { get; init; }

    public required bool Causal { get; init; }

    /// <summary>Whether there is one stream only, whose first token is the time.</summary>
    public required bool TimeIsToken { get; init; }

    public required PolicyTraining Training { get; init; }

    public int Hidden => 4 * Width;

    /// <summary>Positions of the main stream.</summary>
    public int Positions => Horizon + (TimeIsToken ? 1 : 0);

    /// <summary>Whether a request may bring fewer observations.</summary>
    public bool ObservationsVary => ObservationSize > 0 && !Causal;

    /// <summary>Positions of what is attended to that every request fills.</summary>
    public int CertainPositions => ObservationsVary ? 1 : MemoryPositions;

    /// <summary>Positions of what is attended to: the time, then observations.</summary>
    public int MemoryPositions => TimeIsToken ? 0 : 1 + (ObservationSize > 0 ? Observations : 0);

    public static PolicyTransformerConfig Of(CheckpointConfig config)
    {
        // Dropout is for training, and cond_dim alone decides whether there are observations.
        config.Ignore("p_drop_emb", "p_drop_attn", "obs_as_cond");
        var action = config.Integer("input_dim", 1, MostWidth);
        config.Expect("output_dim", $"{action}");
        var horizon = config.Integer("horizon", 1, MostLength);
        var heads = config.Integer("n_head", 1, MostWidth, 12);
        var width = config.Integer("n_emb", 4, MostWidth, 768);
        config.Require(width % heads == 0, $"a width of {width} cannot be divided among {heads} heads");
        config.Require(width % 2 == 0, $"a width of {width} has no sines and cosines of the time; it must be even");
        var result = new PolicyTransformerConfig
        {
            ActionSize = action,
            Horizon = horizon,
            ObservationSize = config.Integer("cond_dim", 0, MostWidth, 0),
            Observations = config.Integer("n_obs_steps", 1, MostLength, horizon),
            Width = width,
            Depth = config.Integer("n_layer", 1, MostBlocks, 12),
            Heads = heads,
            MemoryDepth = config.Integer("n_cond_layers", 0, MostBlocks, 0),
            Causal = config.Flag("causal_attn") ?? false,
            TimeIsToken = config.Flag("time_as_cond") is false,
            Training = PolicyTraining.Of(config),
        };
        config.Require(result.ObservationSize == 0 || !result.TimeIsToken, "observations (cond_dim) need time_as_cond");
        config.RequireAllRead();
        return result;
    }
}
