using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a CogVideoX from a checkpoint.</summary>
internal static class CogVideoXLoader
{
    private const string Mark = "patch_embed.text_proj.weight";

    public static CogVideoXNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, Mark, "CogVideoX");
        var c = CogVideoXConfig.Read(CheckpointConfig.Of(file));
        double width = c.Width, learned = c.IsLearned ? width * c.TextTokens : 0;
        StatedSize.Require(
            file, (width * (c.TextWidth + c.TimeWidth + ((double)c.PatchNumbers * ((2.0 * c.Channels) + c.ChannelsBeside)))) + learned + (c.Blocks * width * ((12 * width) + (12.0 * c.TimeWidth))), $"{c.Blocks} blocks of width {c.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var network = Read(weights, c, options);
        return network with { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static CogVideoXNetwork Read(WeightMap weights, CogVideoXConfig c, NetworkOptions options)
    {
        var channels = c.Channels + c.ChannelsBeside;
        long[] kernel = c.FramePatch is null ? [channels, c.Patch, c.Patch] : [channels * c.PatchNumbers];
        var patches = VideoPatches.Read(weights, "patch_embed.proj", c.Width, kernel, c.FramePatch ?? 1, c.Patch, c.PatchBias || c.FramePatch is not null);
        var text = Linear.Read(weights, "patch_embed.text_proj", c.TextWidth, c.Width);
        var modulation = new ModulationStack(c.Width, c.TimeWidth);
        CogVideoXBlock[] blocks = [.. Enumerable.Range(0, c.Blocks).Select(i => CogVideoXBlock.Read(weights, $"transformer_blocks.{i}", c, modulation, options.DType))];
        var outputAt = modulation.Add("norm_out.linear", CogVideoXNetwork.OutputParts, 1);
        var time = TimestepEmbedding.Read(weights, "time_embedding.linear_1", "time_embedding.linear_2", c.Width, c.TimeWidth, c.TimeActivation);
        var offset = c.HasOffset ? TimestepEmbedding.Read(weights, "ofs_embedding.linear_1", "ofs_embedding.linear_2", c.TimeWidth, c.TimeWidth, c.TimeActivation) : null;
        var (modulations, lastNorm, outputNorm) = (modulation.Read(weights, options.DType), CogVideoXBlock.Norm(weights, "norm_final", c), CogVideoXBlock.Norm(weights, "norm_out.norm", c));
        var output = Linear.Read(weights, "proj_out", c.Width, (long)c.PatchNumbers * c.Channels);
        var learned = Learned(weights, c);
        weights.RequireComplete();

        // What owns tensors outside of the scope comes last.
        var conditioner = new CogVideoXConditioner(time, offset, modulations, c, options.Residual);
        return new(c, patches, text, conditioner, blocks, lastNorm, outputNorm, outputAt, output, new(c, learned, options.Residual, text.Weight.device), options.Residual);
    }

    private static Tensor? Learned(WeightMap weights, CogVideoXConfig c)
    {
        var tokens = c.TextTokens + ((long)(c.Trained.Height / c.Patch) * (c.Trained.Width / c.Patch) * c.Trained.Frames);
        return c.IsLearned ? weights.Take("patch_embed.pos_embedding", [1, tokens, c.Width]) : null;
    }
}
