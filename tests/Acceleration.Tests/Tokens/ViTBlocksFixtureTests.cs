using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tests.Tokens;

/// <summary>A stack of ToMe's own blocks: merging between attention and feed-forward, sizes carried on, attention proportional to them.</summary>
public sealed class ViTBlocksFixtureTests : TokenTest
{
    [Theory]
    [InlineData("prop_true", true)]
    [InlineData("prop_false", false)]
    public void BlocksThatMergeEqualTheReference(string name, bool proportional)
    {
        using var file = Fixture("tome_vit_blocks");
        var config = JsonSerializer.Deserialize<JsonElement>(file.Metadata["config"]);
        var (x, heads) = (file.Read("input.x"), config.GetProperty("num_heads").GetInt32());
        var size = ones(x.size(0), x.size(1), 1);
        var source = eye(x.size(1)).expand(x.size(0), -1, -1);
        var block = 0;
        foreach (var r in config.GetProperty("r").EnumerateArray().Select(r => r.GetInt64()))
        {
            Tensor Weight(string part) => file.Read($"weights.blocks.{block}.{part}");
            Tensor Linear(Tensor h, string part) => functional.linear(h, Weight(part + ".weight"), Weight(part + ".bias"));
            Tensor Norm(Tensor h, string part) => functional.layer_norm(h, [h.size(-1)], Weight(part + ".weight"), Weight(part + ".bias"), 1e-6);

            long rows = x.size(0), tokens = x.size(1), width = x.size(2);
            var parts = Linear(Norm(x, "norm1"), "attn.qkv").view(rows, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind();
            var bias = proportional && block > 0 ? size.log().squeeze(2).view(rows, 1, 1, tokens) : null;
            var mixed = DenseAttention.Compute(parts[0], parts[1], parts[2], bias).transpose(1, 2).reshape(rows, tokens, width);
            x += Linear(mixed, "attn.proj");

            var plan = ToMe.Plan(parts[1].mean([1L]), r, config.GetProperty("class_token").GetBoolean());
            source = plan.Reduce(source, MergeReduction.Max);
            (x, size) = plan.Average(x, size);
            x += Linear(functional.gelu(Linear(Norm(x, "norm2"), "mlp.fc1")), "mlp.fc2");
            Near(file, $"probe.{name}.block{block}", () => x);
            block++;
        }

        Near(file, $"output.{name}.x", () => x);
        Near(file, $"output.{name}.size", () => size);
        Near(file, $"output.{name}.source", () => source);
    }
}
