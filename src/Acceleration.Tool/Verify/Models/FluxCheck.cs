using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Outputs of a FLUX network, whose latents are stored as packed tokens with their places, and whose time runs from 1 to 0.</summary>
internal sealed class FluxCheck() : ModelCheck<IDenoiser>("FluxTransformer2DModel")
{
    private const int Patch = 2;
    private const double TimeUnits = 1000;

    protected override IDenoiser Load(GoldenFile file) => Networks.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(IDenoiser model, StoredCase given)
    {
        var tokens = given.Read("hidden_states");
        var rows = (int)tokens.size(0);
        var (high, wide) = Raster(given.Read("img_ids"), tokens.size(1));
        RequireNoPlaces(given.ReadOrNull("txt_ids"));
        var latents = PatchEmbedding.Assemble(tokens, high, wide, Patch, channelsFirst: true);
        var conditions = new List<(string Name, Tensor Tensor)> { (ConditionNames.Text, given.Read("encoder_hidden_states")), (ConditionNames.Pooled, given.Read("pooled_projections")) };
        if (given.Has("guidance"))
        {
            conditions.Add((ConditionNames.Guidance, given.Read("guidance")));
        }

        if (latents.size(1) > model.Info.Channels)
        {
            conditions.Add((ConditionNames.ImageLatents, latents.narrow(1, model.Info.Channels, latents.size(1) - model.Info.Channels)));
            latents = latents.narrow(1, 0, model.Info.Channels);
        }

        using var condition = new Conditioning(rows, [.. conditions]);
        var made = model.Predict(latents.to(model.Info.DType), given.Numbers("timestep", rows).to(ScalarType.Float64) * TimeUnits, condition, Evaluation.Plain(rows));
        yield return ("sample", Packed(made, high, wide));
    }

    /// <summary>Latents as packed tokens.</summary>
    internal static Tensor Packed(Tensor latents, long high, long wide)
    {
        var (rows, channels) = (latents.size(0), latents.size(1));
        return latents.reshape(rows, channels, high, Patch, wide, Patch).permute(0, 2, 4, 1, 3, 5).reshape(rows, high * wide, Patch * Patch * channels);
    }

    /// <summary>Text tokens have no place in FLUX.</summary>
    /// <exception cref="NotKnownException">These have.</exception>
    internal static void RequireNoPlaces(Tensor? ids)
    {
        if (ids is not null && ids.abs().max().to(ScalarType.Float64).item<double>() != 0)
        {
            throw new NotKnownException("txt_ids are not zero; text tokens without a place of their own are known.");
        }
    }

    /// <summary>Rows and columns of tokens whose places are (0, row, column), row by row.</summary>
    internal static (long High, long Wide) Raster(Tensor ids, long tokens)
    {
        var places = (ids.ndim == 3 ? ids[0] : ids).to(ScalarType.Float64);
        if (places.ndim == 2 && places.size(0) == tokens && places.size(1) == 3)
        {
            var (high, wide) = ((long)places.select(1, 1).max().item<double>() + 1, (long)places.select(1, 2).max().item<double>() + 1);
            if (high > 0 && wide > 0 && high <= tokens && wide <= tokens && high * wide == tokens)
            {
                var (row, column) = (arange(high, ScalarType.Float64).repeat_interleave(wide), arange(wide, ScalarType.Float64).repeat(high));
                if (stack([zeros(tokens, ScalarType.Float64), row, column], 1).Equals(places))
                {
                    return (high, wide);
                }
            }
        }

        throw new NotKnownException($"img_ids [{string.Join(", ", ids.shape)}] are not the rows and columns of a picture of {tokens} tokens, row by row; others are not known.");
    }
}
