using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a UNet from a checkpoint of either class.</summary>
internal static class UNetLoader
{
    private const string Text = "UNet2DConditionModel";
    private const string First = "conv_in";
    private const string Time = "time_embedding.linear_1";
    private static readonly string[] Adapters = [".to_k_ip.", ".to_v_ip.", "image_projection_layers.", "ip_adapter.", "image_proj."];

    public static UNetNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        RefuseAdapters(file);
        using var scope = NewDisposeScope();
        var prefix = FindPrefix(file);
        var hasMiddle = file.Names.Any(n => n.StartsWith(prefix + "mid_block.", StringComparison.Ordinal));
        var source = CheckpointConfig.Of(file);
        var takesText = (source.ClassName ?? (file.Names.Any(n => n.EndsWith(".attn2.to_k.weight", StringComparison.Ordinal)) ? Text : "")) == Text;
        var config = takesText ? UNetTextConfig.Read(source, hasMiddle) : UNetPixelConfig.Read(source, hasMiddle);
        var plan = UNetPlan.Of(config);
        StatedSize.Require(file, new UNetCosts(config).Parameters(plan), $"a UNet of {config.Levels.Count} levels with up to {config.Levels.Max(l => l.Channels)} channels");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var network = Assemble(new(config, new(weights), new(config, plan), new(config), options), plan);
        try
        {
            weights.RequireComplete();
        }
        catch (CheckpointException)
        {
            network.Conditioner.Dispose();
            throw;
        }

        return network with { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static UNetNetwork Assemble(UNetLoading loading, UNetPlan plan)
    {
        var (c, weights, options) = (loading.Config, loading.Weights, loading.Options);
        var first = c.Levels[0].Channels;
        var input = ChannelsLast.Convolution(weights, First, c.Inputs, first, c.InputKernel);
        UNetSkip[] skips =
        [
            .. plan.Skips.Select(s => new UNetSkip(
                s.Below,
                s.Down is null ? null : Layer(loading, s.Down),
                s.Shrink is null ? null : new(loading, s.Shrink, UNetScaling.Halved),
                Layer(loading, s.Up),
                s.Grow is null ? null : new(loading, s.Grow, UNetScaling.Doubled))),
        ];
        UNetLayer[] middle = [.. plan.Middle.Select(p => Layer(loading, p))];
        var norm = GroupNorm.Read(weights, "conv_norm_out", first, c.Groups, c.Epsilon);
        var output = ChannelsLast.Convolution(weights, "conv_out", first, c.Outputs, c.OutputKernel);
        var projection = c.TextProjection is { } width ? Linear.Read(weights, "encoder_hid_proj", c.TextWidth, width, dtype: options.DType) : null;
        loading.Times.Read(weights);
        return new(c, plan, loading.Sites, new(loading), projection, input, skips, middle, norm, output, options, loading.Times.Device);
    }

    private static UNetLayer Layer(UNetLoading loading, UNetLayerPlan p) => new(
        new(loading, p.Residual, loading.Sites.Residual(p), (p.Inputs, p.Outputs), p.Stage),
        p.Mixing == UNetMixing.Attention ? new(loading, p) : null,
        p.Mixing == UNetMixing.Transformer ? new(loading, p) : null);

    private static void RefuseAdapters(ICheckpoint file)
    {
        if (file.Names.FirstOrDefault(n => Array.Exists(Adapters, a => n.Contains(a, StringComparison.Ordinal))) is { } found)
        {
            throw new CheckpointException(file.FilePath, found, "this belongs to an IP-Adapter, which this library does not compute; load the UNet without it.");
        }
    }

    private static string FindPrefix(ICheckpoint file)
    {
        foreach (var name in file.Names)
        {
            const string Weight = First + ".weight";
            if (name.EndsWith(Weight, StringComparison.Ordinal) && name[..^Weight.Length] is var prefix && file.Tensors.ContainsKey($"{prefix}{Time}.weight"))
            {
                return prefix;
            }
        }

        throw new CheckpointException(
            file.FilePath, null, $"this is no UNet of the diffusers layout: among its {file.Names.Count} tensors there are no {First}.weight and {Time}.weight of one prefix.");
    }
}
