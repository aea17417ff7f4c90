using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A stack of ToMe's own blocks: merging between attention and feed-forward, sizes carried on, attention proportional to them or not.</summary>
internal sealed class ToMeBlocksCheck : ICheck
{
    private const string Class = "ToMeBlock stack (pre-norm ViT blocks, LayerNorm eps 1e-6, erf GELU, mlp ratio 4)";

    public string Kind => "tokens";

    public string Knows => "ToMeBlock stack";

    public bool Fits(GoldenFile file) => file.TextOrNull("model_class") == Class;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var config = file.Config("config");
        var (heads, merges, classToken, distillToken) = (config.Get<int>("num_heads"), config.Get<long[]>("r"), config.Get("class_token", false), config.Get("distill_token", false));
        var x = file.Read("input.x");
        found.Equal("sizes", "input.x and r", [x.size(1), x.size(2), merges.Length], [config.Get("tokens", x.size(1)), config.Get("dim", x.size(2)), config.Get("depth", (long)merges.Length)]);
        config.RequireAllRead();
        var compare = new TokenComparison(file, found);
        foreach (var (name, proportional) in new[] { ("prop_true", true), ("prop_false", false) }.Where(v => file.Has($"output.{v.Item1}.x")))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var state = new ToMeBlocks(x, ones(x.size(0), x.size(1), 1), eye(x.size(1)).expand(x.size(0), -1, -1));
            for (var block = 0; block < merges.Length; block++)
            {
                state = state.Through(file, block, heads, merges[block], classToken, distillToken, proportional && block > 0);
                compare.Near($"probe.{name}.block{block}", () => state.X);
            }

            compare.Near($"output.{name}.x", () => state.X);
            compare.Near($"output.{name}.size", () => state.Size);
            compare.Near($"output.{name}.source", () => state.Source);
        }
    }
}
