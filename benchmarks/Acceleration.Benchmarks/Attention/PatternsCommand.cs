using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Attention by patterns against dense attention.</summary>
internal static class PatternsCommand
{
    public const string What = "sparse attention patterns against dense attention [--tokens 1024,4096,16384] [--heads 8] [--dim 64] [--rounds 5] [--dtype float32]";

    private const string Method = """
        One row, image grids, groups of 16 × 16; maps of blocks keep a quarter, drawn at random for every head. Arithmetic: pairs of query and key, those of dense attention ÷ those computed. Each form takes its turn in every round;
          dense attention runs in the fastest form measured on this machine. Memory: the largest resident size during the calls above the one before.
        """;

    public static int Run(Options options)
    {
        var (tokens, heads, dim) = (options.Numbers("--tokens", 1024, 2048, 4096, 8192, 16384), options.Number("--heads", 8), options.Number("--dim", 64));
        var (rounds, types) = (options.Number("--rounds", 5), options.Types(ScalarType.Float32, ScalarType.BFloat16));
        options.RequireAllRead();
        Page.Machine(types);
        foreach (var dtype in types)
        {
            var table = Page.Table($"{dtype}, {heads} heads × {dim}", "density", "dense ms", "pattern ms", "speed-up", "arithmetic", "realised ÷ arithmetic", "dense MB", "pattern MB");
            foreach (var count in tokens)
            {
                var layout = Grid.Square(count);
                foreach (var (name, pattern) in Patterns)
                {
                    var plan = new GroupedPlan(pattern, TokenGrid.Of(layout));
                    Compare(table, $"{count} tokens, {name}", plan.Density, count, input => GroupedAttention.Compute(input, layout, plan), heads, dim, dtype, rounds);
                }

                foreach (var queries in QueryBlocks)
                {
                    using var map = Map(count, heads, queries);
                    var blocks = new BlockMap(map, queries, KeyBlock);
                    Compare(table, $"{count} tokens, maps {queries} × {KeyBlock}", Kept, count, input => BlockSparseAttention.Compute(input, blocks), heads, dim, dtype, rounds);
                }
            }

            Page.Write(table);
        }

        Page.Line(Method);
        return 0;
    }

    private static (string, IAttentionPattern)[] Patterns =>
        [("GRAT-B 1", new NeighbourGroups(GroupSize.Image, 1)), ("GRAT-X", new AxisGroups(GroupSize.Image))];

    private const int KeyBlock = 128;
    private const double Kept = 0.25;
    private static readonly int[] QueryBlocks = [128, 512];

    /// <summary>Every block of queries of every head sees a quarter of the blocks of keys, drawn at random.</summary>
    private static Tensor Map(int tokens, int heads, int queryBlock)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var scores = rand([1, heads, tokens / queryBlock, tokens / KeyBlock], ScalarType.Float32, generator: generator);
        var least = scores.topk((int)(Kept * tokens / KeyBlock), dim: -1).values.amin([-1], keepdim: true);
        return scores.ge(least).MoveToOuterDisposeScope();
    }

    private static void Compare(Spectre.Console.Table table, string name, double density, int tokens, Func<AttentionInput, Tensor> sparsely, int heads, int dim, ScalarType dtype, int rounds)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();

        // As networks make them: heads cut out of one product.
        var qkv = randn([1, tokens, 3, heads, dim], dtype).permute(2, 0, 3, 1, 4).unbind();
        var input = new AttentionInput(qkv[0], qkv[1], qkv[2]);
        var dense = Resident.Growth(() => DenseAttention.Compute(input).Dispose());
        var sparse = Resident.Growth(() => sparsely(input).Dispose());
        var times = Turns.Run(rounds, () => DenseAttention.Compute(input).Dispose(), () => sparsely(input).Dispose());
        var speedup = Turns.Ratio(times[0], times[1]);
        Page.Row(
            table, name, $"{100 * density:0.0} %", $"{Spread.Of(times[0]).Median:0.0}", $"{Spread.Of(times[1]).Median:0.0}",
            Page.Range(speedup, "0.00"), $"{1 / density:0.00}", $"{speedup.Median * density:0.00}", $"{dense / 1e6:0}", $"{sparse / 1e6:0}");
    }
}
