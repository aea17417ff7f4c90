using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>T5's and UMT5's encoder: scores without a factor, a learned bias by relative position, norms without a mean.</summary>
internal sealed class T5Encoder(TextEncoderInfo info, T5Network network) : TextEncoder(info)
{
    private protected override TextEncoding Compute(PromptTokens prompts, TextLayer layer, bool masked)
    {
        if (layer != TextLayer.Last)
        {
            throw new ArgumentException($"{Info.ClassName} has one layer to read, the last and normalised one.", nameof(layer));
        }

        var mask = masked && prompts.Mask.Any(r => r.Contains(false)) ? Mask(prompts) : null;
        var states = InResidualType(network.Tokens.Apply(prompts.IdTensor(Info.Device).view(-1))).view(prompts.Rows, prompts.Length, Info.Width);
        Tensor? bias = null;
        foreach (var block in network.Blocks)
        {
            if (block.Positions is not null)
            {
                bias?.Dispose();
                bias = Bias(block.Positions, prompts.Length, mask);
            }

            var next = Block(block, states, bias!);
            states.Dispose();
            states = next;
        }

        return new(network.OutputNorm.Apply(states), null);
    }

    protected override void Dispose(bool disposing) => network.Dispose();

    private Tensor Block(T5Block block, Tensor h, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var qkv = block.Qkv.Apply(block.AttentionNorm.Apply(h));
        var heads = network.Config.Heads;
        var mixed = DenseAttention.Compute(new AttentionInput(Heads.Of(qkv, 0, 3, heads), Heads.Of(qkv, 1, 3, heads), Heads.Of(qkv, 2, 3, heads), bias, Scale: 1));
        var middle = h.Plus(InResidualType(block.Projection.Apply(Heads.Join(mixed))));
        return middle.Increase(InResidualType(FeedForward(block, block.FeedForwardNorm.Apply(middle)))).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(T5Block block, Tensor x)
    {
        using var scope = NewDisposeScope();
        var active = network.Config.Activation switch
        {
            Activation.Gelu => block.Up.ApplyGelu(x, GeluForm.Erf),
            Activation.GeluTanh => block.Up.ApplyGelu(x),
            var other => other.Apply(block.Up.Apply(x)),
        };
        return block.Down.Apply(block.Gate is null ? active : active.mul_(block.Gate.Apply(x))).MoveToOuterDisposeScope();
    }

    /// <summary>[1 or rows, heads, tokens, tokens].</summary>
    private Tensor Bias(Tensor positions, int length, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var bias = positions.index_select(0, network.Buckets.For(length)).view(length, length, -1).permute(2, 0, 1).unsqueeze(0).contiguous();
        return (mask is null ? bias : bias.Plus(mask)).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, 1, 1, tokens]: the lowest number at padding, as in the reference, where a text of padding alone looks at all of it.</summary>
    private Tensor Mask(PromptTokens prompts)
    {
        var lowest = network.Residual == ScalarType.Float64 ? double.MinValue : float.MinValue;
        double[] mask = [.. prompts.Mask.SelectMany(r => r.Select(isToken => isToken ? 0 : lowest))];
        return tensor(mask, [prompts.Rows, 1, 1, prompts.Length]).to(network.Residual, Info.Device);
    }

    private Tensor InResidualType(Tensor x) => x.dtype == network.Residual ? x : x.to(network.Residual);
}
