namespace Acceleration.Models;

/// <summary>The sizes of a ConditionalUnet1D.</summary>
internal sealed record PolicyUnetConfig
{
    /// <summary>Groups of the last norm, whatever n_groups says.</summary>
    public const int LastGroups = 8;
    private const int MostWidth = 1 << 14;
    private const int MostLevels = 12;
    private const int MostKernel = 1 << 8;

    public required int ActionSize { get; init; }

    /// <summary>Width of the local condition, one vector per action; 0 for none.</summary>
    public required int LocalSize { get; init; }

    /// <summary>Width of the observation; 0 for none.</summary>
    public required int ObservationSize { get; init; }

    public required int TimeWidth { get; init; }

    /// <summary>Channels of each level, the longest first.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    public required int Kernel { get; init; }

    public required int Groups { get; init; }

    /// <summary>Whether the condition scales as well as shifts.</summary>
    public required bool Scales { get; init; }

    public required PolicyTraining Training { get; init; }

    /// <summary>Actions in training; the published class works with any number, and only a sampler must know.</summary>
    public required int Horizon { get; init; }

    public int ConditionWidth => TimeWidth + ObservationSize;

    /// <summary>What the number of actions must be a multiple of.</summary>
    public int Multiple => 1 << (Widths.Count - 1);

    public static PolicyUnetConfig Of(CheckpointConfig config)
    {
        var widths = config.Integers("down_dims", 1, MostWidth) ?? [256, 512, 1024];
        config.Require(widths.Count <= MostLevels, $"{widths.Count} down_dims are more than {MostLevels} levels");
        var groups = config.Integer("n_groups", 1, MostWidth, 8);
        foreach (var width in widths)
        {
            config.Require(width % groups == 0, $"{width} channels cannot be divided among n_groups = {groups}");
        }

        config.Require(widths[0] % LastGroups == 0, $"{widths[0]} channels cannot be divided among the {LastGroups} groups of the last norm");
        var (kernel, time) = (config.Integer("kernel_size", 1, MostKernel, 3), config.Integer("diffusion_step_embed_dim", 4, MostWidth, 256));
        config.Require(kernel % 2 == 1, $"a kernel_size of {kernel} changes the length of a sequence; it must be odd");
        config.Require(time % 2 == 0, $"a diffusion_step_embed_dim of {time} has no sines and cosines; it must be even");
        var multiple = 1 << (widths.Count - 1);
        var result = new PolicyUnetConfig
        {
            ActionSize = config.Integer("input_dim", 1, MostWidth),
            LocalSize = config.Integer("local_cond_dim", 1, MostWidth, 0),
            ObservationSize = config.Integer("global_cond_dim", 1, MostWidth, 0),
            TimeWidth = time,
            Widths = widths,
            Kernel = kernel,
            Groups = groups,
            Scales = config.Flag("cond_predict_scale") ?? false,
            Training = PolicyTraining.Of(config),
            Horizon = config.Integer("horizon", 1, 1 << 16, Math.Max(16, multiple)),
        };
        config.Require(result.Horizon % multiple == 0, $"a horizon of {result.Horizon} cannot be halved {widths.Count - 1} times; it must be a multiple of {multiple}");
        config.RequireAllRead();
        return result;
    }
}
