namespace Acceleration.Models;

/// <summary>A residual block and what follows it.</summary>
/// <param name="Path">The block of the checkpoint that it lies in.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Level">Halvings in front of it.</param>
/// <param name="Inputs">Channels of its input.</param>
/// <param name="Outputs">Channels of its output.</param>
/// <param name="Stage">The way it lies on.</param>
/// <param name="Mixing">What follows it.</param>
/// <param name="Depth">Transformer blocks, where these follow.</param>
internal sealed record UNetLayerPlan(string Path, int Number, int Level, int Inputs, int Outputs, UNetStage Stage, UNetMixing Mixing, int Depth)
{
    public string Residual => $"{Path}.resnets.{Number}";

    public string Attention => $"{Path}.attentions.{Number}";
}

/// <summary>A change of resolution.</summary>
/// <param name="Path">Its name in the checkpoint.</param>
/// <param name="Level">Halvings in front of it.</param>
/// <param name="Channels">Channels of input and output.</param>
/// <param name="Stage">The way it lies on.</param>
internal sealed record UNetResamplingPlan(string Path, int Level, int Channels, UNetStage Stage);

/// <summary>A skip connection: what makes it on the way down, and what takes it on the way up.</summary>
/// <param name="Channels">Its channels.</param>
/// <param name="Below">Channels that come from below beside it.</param>
/// <param name="Down">The layer that makes it; null where a resampling or the first convolution does.</param>
/// <param name="Shrink">The resampling that makes it.</param>
/// <param name="Up">The layer that takes it.</param>
/// <param name="Grow">The resampling behind that layer.</param>
internal sealed record UNetSkipPlan(int Channels, int Below, UNetLayerPlan? Down, UNetResamplingPlan? Shrink, UNetLayerPlan Up, UNetResamplingPlan? Grow);

/// <summary>All layers of a UNet in the order in which they lie in one another.</summary>
/// <param name="Skips">The skip connections, the outermost first.</param>
/// <param name="Middle">What lies below the last of them; none where there is no middle.</param>
internal sealed record UNetPlan(IReadOnlyList<UNetSkipPlan> Skips, IReadOnlyList<UNetLayerPlan> Middle)
{
    /// <summary>Nested cuts: one per skip connection below which there is anything.</summary>
    public int Cuts => Middle.Count > 0 ? Skips.Count : Skips.Count - 1;

    /// <summary>All layers.</summary>
    public IEnumerable<UNetLayerPlan> Layers => Skips.Select(s => s.Down).OfType<UNetLayerPlan>().Concat(Middle).Concat(Skips.Select(s => s.Up));

    /// <summary>The tokens of a level, as a part of the network's.</summary>
    public static double Share(int level) => Math.Pow(0.25, level);

    /// <summary>All changes of the resolution.</summary>
    public IEnumerable<UNetResamplingPlan> Resamplings => Skips.SelectMany(s => new[] { s.Shrink, s.Grow }).OfType<UNetResamplingPlan>();

    /// <summary>Width of what all residual blocks together are told of the time.</summary>
    public double TimeWidth(UNetConfig c) => (c.ScaleShift ? 2.0 : 1) * (Layers.Sum(l => (double)l.Outputs) + Resamplings.Where(r => r.Stage.ByResidual).Sum(r => (double)r.Channels));

    public static UNetPlan Of(UNetConfig c)
    {
        var last = c.Levels.Count - 1;
        List<(int Channels, UNetLayerPlan? Down, UNetResamplingPlan? Shrink)> made = [(c.Levels[0].Channels, null, null)];
        for (var i = 0; i <= last; i++)
        {
            var (level, path) = (c.Levels[i], $"down_blocks.{i}");
            for (var j = 0; j < level.Layers; j++)
            {
                made.Add((level.Channels, Layer(path, j, i, made[^1].Channels, level.Channels, level.Down), null));
            }

            if (i < last)
            {
                made.Add((level.Channels, null, new($"{path}.downsamplers.0", i, level.Channels, level.Down)));
            }
        }

        var skips = new UNetSkipPlan[made.Count];
        var (at, below) = (made.Count, c.Levels[last].Channels);
        for (var i = 0; i <= last; i++)
        {
            var (level, path) = (c.Levels[last - i], $"up_blocks.{i}");
            for (var j = 0; j <= level.Layers; j++)
            {
                var (channels, down, shrink) = made[--at];
                var grow = j == level.Layers && i < last ? new UNetResamplingPlan($"{path}.upsamplers.0", last - i, level.Channels, level.Up) : null;
                skips[at] = new(channels, below, down, shrink, Layer(path, j, last - i, below + channels, level.Channels, level.Up), grow);
                below = level.Channels;
            }
        }

        var width = c.Levels[last].Channels;
        return new(skips, c.Middle is not { } middle ? [] : [.. Enumerable.Range(0, c.MiddleLayers).Select(i => Layer("mid_block", i, last, width, width, middle, last: i == c.MiddleLayers - 1))]);

        // The middle ends with a residual block alone.
        static UNetLayerPlan Layer(string path, int number, int level, int inputs, int outputs, UNetStage stage, bool last = false) => new(
            path, number, level, inputs, outputs, stage, last ? UNetMixing.None : stage.Mixing, stage.Depths.Count == 1 ? stage.Depths[0] : stage.Depths[number]);
    }
}
