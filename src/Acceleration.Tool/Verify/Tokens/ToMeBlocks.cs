using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tool;

/// <summary>What flows from one of ToMe's vision blocks to the next.</summary>
/// <param name="X">Tokens, [rows, tokens, width].</param>
/// <param name="Size">How many original tokens each stands for, [rows, tokens, 1].</param>
/// <param name="Source">Which original tokens each stands for, [rows, tokens, original tokens].</param>
internal sealed record ToMeBlocks(Tensor X, Tensor Size, Tensor Source)
{
    private const double NormEpsilon = 1e-6;

    /// <summary>Runs one block with the weights of a file.</summary>
    public ToMeBlocks Through(GoldenFile file, int block, int heads, long merge, bool classToken, bool distillToken, bool proportional)
    {
        Tensor Weight(string part) => file.Read($"weights.blocks.{block}.{part}");
        Tensor Linear(Tensor h, string part) => functional.linear(h, Weight(part + ".weight"), Weight(part + ".bias"));
        Tensor Norm(Tensor h, string part) => functional.layer_norm(h, [h.size(-1)], Weight(part + ".weight"), Weight(part + ".bias"), NormEpsilon);

        long rows = X.size(0), tokens = X.size(1), width = X.size(2);
        var parts = Linear(Norm(X, "norm1"), "attn.qkv").view(rows, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind();
        var bias = proportional ? Size.log().squeeze(2).view(rows, 1, 1, tokens) : null;
        var mixed = DenseAttention.Compute(parts[0], parts[1], parts[2], bias).transpose(1, 2).reshape(rows, tokens, width);
        var attended = X + Linear(mixed, "attn.proj");

        var plan = ToMe.Plan(parts[1].mean([1L]), merge, classToken, distillToken);
        var (x, size) = plan.Average(attended, Size);
        return new(x + Linear(functional.gelu(Linear(Norm(x, "norm2"), "mlp.fc1")), "mlp.fc2"), size, plan.Reduce(Source, MergeReduction.Max));
    }
}
