namespace Acceleration.Models;

/// <summary>What the configurations of both classes say in the same words.</summary>
internal sealed class UNetConfigReader(CheckpointConfig config)
{
    private const string Prefix = "UNetRes";

    private static readonly (string Down, string Up, UNetMixing Mixing, bool ByResidual)[] Stages =
    [
        ("DownBlock2D", "UpBlock2D", UNetMixing.None, false),
        ("AttnDownBlock2D", "AttnUpBlock2D", UNetMixing.Attention, false),
        ("CrossAttnDownBlock2D", "CrossAttnUpBlock2D", UNetMixing.Transformer, false),
        ("ResnetDownsampleBlock2D", "ResnetUpsampleBlock2D", UNetMixing.None, true),
    ];

    public IReadOnlyList<int> Channels(params int[] otherwise)
    {
        var channels = config.Integers("block_out_channels", 1, UNetConfig.MostChannels) ?? otherwise;
        config.Require(channels.Count <= UNetConfig.MostLevels, $"block_out_channels has {channels.Count} entries; {UNetConfig.MostLevels} are the most");
        return channels;
    }

    /// <summary>What happens in each level, on the way down or up, in the order of the configuration.</summary>
    public IReadOnlyList<(UNetMixing Mixing, bool ByResidual)> Mixings(string key, bool up, int levels, params string[] otherwise)
    {
        string[] names = [.. Stages.Select(s => up ? s.Up : s.Down)];
        var given = config.Words(key, [.. names, .. names.Select(n => Prefix + n)]) ?? otherwise;
        config.Require(given.Count == levels, $"{key} has {given.Count} entries and block_out_channels {levels}");
        return [.. given.Select(g => Stages[Array.IndexOf(names, g.StartsWith(Prefix, StringComparison.Ordinal) ? g[Prefix.Length..] : g)]).Select(s => (s.Mixing, s.ByResidual))];
    }

    /// <summary>One number for each level.</summary>
    public IReadOnlyList<int> PerLevel(string key, int levels, int most, int otherwise, int least = 1) => Spread(key, config.Integers(key, least, most) ?? [otherwise], levels);

    /// <summary>What is given for each level, or once for all.</summary>
    public IReadOnlyList<T> Spread<T>(string key, IReadOnlyList<T> given, int levels)
    {
        config.Require(given.Count == 1 || given.Count == levels, $"{key} has {given.Count} entries and block_out_channels {levels}");
        return given.Count == levels ? given : [.. Enumerable.Repeat(given[0], levels)];
    }

    public (int High, int Wide) Side(int otherwise, int levels)
    {
        var sides = config.Integers("sample_size", 1, UNetConfig.MostSide) ?? [otherwise];
        config.Require(sides.Count <= 2, "sample_size has one side, or two");
        var least = 1 << (levels - 1);
        return sides[0] < least || sides[^1] < least
            ? throw config.Misfit($"a side of {Math.Min(sides[0], sides[^1])} cannot be halved {levels - 1} times.")
            : (sides[0], sides[^1]);
    }

    public Activation Active(string key = "act_fn") => Optional(key) ?? Activation.Silu;

    public Activation? Optional(string key) => config.Expect(key, "silu", "swish", "mish", "gelu", "relu") is null
        ? null
        : Activations.Of(config, key, "silu", Activation.Silu, Activation.Mish, Activation.Gelu, Activation.Relu);

    public UNetTime Time(int channels)
    {
        config.Expect("time_embedding_type", "positional");
        config.Require(channels % 2 == 0, $"the time needs an even number of sines and cosines, and block_out_channels begins with {channels}");
        return new(channels, config.Integer("time_embedding_dim", 1, 8 * UNetConfig.MostChannels, 4 * channels), config.Flag("flip_sin_to_cos") ?? true, FrequencyShift(channels));
    }

    /// <summary>The table of classes; a file that says which of them stands for none has an unconditional branch.</summary>
    public UNetClasses Table()
    {
        var count = config.Integer("num_class_embeds", 1, 1 << 24, 0);
        var none = config.Integer("null_class", 0, 1 << 24, -1);
        config.Require(none < 0 || none == count - 1, $"null_class is {none}; it must be the last of the {count} of num_class_embeds");
        return count == 0 ? new(UNetClassForm.None) : new(UNetClassForm.Table, count, none < 0 ? null : none);
    }

    public bool ScaleShift => config.Expect("resnet_time_scale_shift", "default", "scale_shift") == "scale_shift";

    /// <summary>What it predicts, in the words of schedulers' configurations and of flow networks.</summary>
    public PredictionType? Prediction => config.Expect("prediction", "epsilon", "v_prediction", "sample", "flow") switch
    {
        "epsilon" => PredictionType.Epsilon,
        "v_prediction" => PredictionType.Velocity,
        "sample" => PredictionType.Sample,
        "flow" => PredictionType.Flow,
        _ => null,
    };

    /// <summary>Keys without influence on the result.</summary>
    public void IgnoreNotes() => config.Ignore("dropout", "architecture", "steps", "data", "class_names", "format", "license");

    private double FrequencyShift(int channels)
    {
        var shift = config.Number("freq_shift", 0);
        config.Require(shift < channels / 2, FormattableString.Invariant($"a freq_shift of {shift} leaves no frequencies of {channels / 2}"));
        return shift;
    }
}
