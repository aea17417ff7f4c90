using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>FLUX: latents are stored as packed tokens with their places, and its time runs from 1 to 0.</summary>
internal sealed class StoredFlux() : StoredNetwork("FluxTransformer2DModel")
{
    private const int Patch = 2;
    private (long High, long Wide) _raster;

    public override double TimeUnits => 1;

    public override Tensor Latents(GoldenFile file, Tensor stored)
    {
        _raster = FluxCheck.Raster(file.Read("input.img_ids"), stored.size(1));
        return PatchEmbedding.Assemble(stored, _raster.High, _raster.Wide, Patch, channelsFirst: true);
    }

    public override Tensor Stored(Tensor latents) => FluxCheck.Packed(latents, _raster.High, _raster.Wide);

    public override (Conditioning Condition, Conditioning? Negative) Conditions(GoldenFile file, bool guided)
    {
        if (guided)
        {
            throw new NotKnownException("guidance of two branches on FLUX is not known yet.");
        }

        FluxCheck.RequireNoPlaces(file.ReadOrNull("input.txt_ids"));
        var text = file.Read("input.encoder_hidden_states");
        var conditions = new List<(string, Tensor)> { (ConditionNames.Text, text), (ConditionNames.Pooled, file.Read("input.pooled_projections")) };
        if (file.ReadOrNull("input.guidance") is { } guidance)
        {
            conditions.Add((ConditionNames.Guidance, guidance));
        }

        return (new((int)text.size(0), [.. conditions]), null);
    }

    protected override string? Path(IDenoiser network, string[] column) => column switch
    {
        ["transformer_blocks", var i, "attn"] => $"blocks.{Number(i)}.attention",
        ["single_transformer_blocks", var i, "attn"] => $"blocks.{Doubles(network) + Number(i)}.attention",
        _ => null,
    };

    /// <summary>Blocks of two streams: those that have a feed-forward part of their own.</summary>
    private static int Doubles(IDenoiser network) => network.Info.Sites.All.Count(s => s.Path.EndsWith(".ff", StringComparison.Ordinal));
}
