using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>CLIP's text encoder: a token sees itself and those before it, padding or not.</summary>
internal sealed class ClipTextEncoder(TextEncoderInfo info, ClipTextNetwork network) : TextEncoder(info)
{
    private protected override TextEncoding Compute(PromptTokens prompts, TextLayer layer, bool masked)
    {
        var states = Embedded(prompts);
        var bias = masked && prompts.Mask.Any(r => r.Contains(false)) ? CausalBias(prompts) : null;
        var wanted = layer.Skip == network.Blocks.Count ? states : null;
        for (var i = 0; i < network.Blocks.Count; i++)
        {
            states = network.Blocks[i].Apply(states, bias, isCausal: bias is null);
            if (layer.Skip == network.Blocks.Count - 1 - i)
            {
                wanted = states;
            }
        }

        var last = network.OutputNorm.Apply(states);
        var pooled = Pooled(last, prompts);
        var result = !layer.Normalised ? wanted! : layer.Skip == 0 ? last : network.OutputNorm.Apply(wanted!);
        return new(result, network.Projection?.Apply(pooled) ?? pooled);
    }

    protected override void Dispose(bool disposing) => network.Dispose();

    private Tensor Embedded(PromptTokens prompts)
    {
        using var scope = NewDisposeScope();
        var tokens = network.Tokens.Apply(prompts.IdTensor(Info.Device).view(-1)).InType(network.Residual).view(prompts.Rows, prompts.Length, Info.Width);
        return tokens.Increase(network.Positions.narrow(0, 0, prompts.Length)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [rows, 1, tokens, tokens]. As in the reference two lowest numbers add up to −∞ where a later token is padding too, so that a token before which all is padding looks at what is forbidden for one reason only.
    /// </summary>
    private Tensor CausalBias(PromptTokens prompts)
    {
        var lowest = network.Residual == ScalarType.Float64 ? double.MinValue : float.MinValue;
        var (rows, length) = (prompts.Rows, prompts.Length);
        var bias = new double[rows * length * length];
        for (var at = 0; at < bias.Length; at++)
        {
            var (row, query, key) = (at / (length * length), at / length % length, at % length);
            var (isLater, isPadding) = (key > query, !prompts.Mask[row][key]);
            bias[at] = isLater && isPadding ? double.NegativeInfinity : isLater || isPadding ? lowest : 0;
        }

        return tensor(bias, [rows, 1, length, length]).to(network.Residual, Info.Device);
    }

    /// <summary>The state of the token that stands for the text: the first with the largest id, or the first end token and else the first of all.</summary>
    private Tensor Pooled(Tensor last, PromptTokens prompts)
    {
        var places = prompts.Ids.Select((ids, row) =>
        {
            var end = network.Config.End ?? ids.Max();
            var at = 0;
            while (at < ids.Count && ids[at] != end)
            {
                at++;
            }

            return ((long)row * prompts.Length) + (at < ids.Count ? at : 0);
        });
        return last.view(-1, Info.Width).index_select(0, tensor([.. places], ScalarType.Int64, Info.Device));
    }
}
