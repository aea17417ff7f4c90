using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What a UNet reads beside latents and time.</summary>
internal static class UNetConditions
{
    /// <summary>What a control network adds to the skip connections, the outermost first: <c>down_block_additional_residuals.0</c>, ...</summary>
    public const string Residual = "down_block_additional_residuals.";

    /// <summary>What it adds to the middle.</summary>
    public const string MiddleResidual = "mid_block_additional_residual";

    public static IReadOnlyList<ConditionSpec> Of(UNetNetwork network)
    {
        var c = network.Config;
        List<ConditionSpec> all = [];
        if (c.TakesText)
        {
            all.Add(new(ConditionNames.Text, UNetCosts.TextTokens, c.TextWidth) { IsSequence = true });
            all.Add(new(ConditionNames.TextMask, UNetCosts.TextTokens) { IsSequence = true, IsOptional = true, DType = ScalarType.Bool });
        }

        if (c.Classes.Form != UNetClassForm.None)
        {
            all.Add(c.Classes.Form == UNetClassForm.Table ? new(ConditionNames.Labels) { DType = ScalarType.Int64 }
                : c.Classes.Form == UNetClassForm.Number ? new(ConditionNames.Labels)
                : new(ConditionNames.Labels, c.Classes.Width));
        }

        if (c.TextTime is { } added)
        {
            all.Add(new(ConditionNames.Pooled, added.Pooled));
            all.Add(new(ConditionNames.TimeIds, UNetConfig.TimeIds));
        }

        if (c.Time.Guidance is { } guidance)
        {
            all.Add(new(ConditionNames.GuidanceEmbedding, guidance) { IsOptional = true });
        }

        if (c.Inputs > c.Latents)
        {
            all.Add(new(ConditionNames.ImageLatents, c.Inputs - c.Latents, c.Side.High, c.Side.Wide) { FollowsLatents = true });
        }

        if (c.TakesText)
        {
            all.AddRange(Sizes(network, c.Side).Select((s, i) => new ConditionSpec(Residual + i, s) { IsOptional = true, IsSpatial = true }));
            var (high, wide) = Sides(network, c.Side)[^1];
            all.Add(new(MiddleResidual, c.Levels[^1].Channels, high, wide) { IsOptional = true, IsSpatial = true });
        }

        return all;
    }

    /// <summary>[channels, height, width] of each skip connection for the sides of some latents.</summary>
    public static IReadOnlyList<long[]> Sizes(UNetNetwork network, (long High, long Wide) side) =>
        [.. Sides(network, side).Select((s, i) => new[] { network.Plan.Skips[i].Channels, s.High, s.Wide })];

    private static IReadOnlyList<(long High, long Wide)> Sides(UNetNetwork network, (long High, long Wide) side)
    {
        var all = new (long High, long Wide)[network.Plan.Skips.Count];
        for (var i = 0; i < all.Length; i++)
        {
            if (network.Plan.Skips[i].Shrink is { } shrink)
            {
                side = (UNetResampling.Halved(side.High, network.Config, shrink.Stage), UNetResampling.Halved(side.Wide, network.Config, shrink.Stage));
            }

            all[i] = side;
        }

        return all;
    }
}
