using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Attention by patterns against dense attention.</summary>
internal static class PatternsCommand
{
    public const string What = "sparse attention patterns against dense attention [--tokens 1024,4096,16384] [--heads 8] [--dim 64] [--rounds 5] [--dtype float32]";

    private const string Method = """
        One row, image grids, groups of 16 × 16. Arithmetic: pairs of query and key, those of dense attention ÷ those computed. Each form takes its turn in every round;
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
                foreach (var (name, pattern) in Patterns)
                {
                    Compare(table, name, pattern, Grid.Square(count), heads, dim, dtype, rounds);
                }
            }

            Page.Write(table);
        }

        Page.Line(Method);
        return 0;
    }

    private static (string, IAttentionPattern)[] Patterns =>
        [("GRAT-B 1", new NeighbourGroups(GroupSize.Image, 1)), ("GRAT-X", new AxisGroups(GroupSize.Image))];

    private static void Compare(Spectre.Console.Table table, string name, IAttentionPattern pattern, TokenLayout layout, int heads, int dim, ScalarType dtype, int rounds)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();

        // As networks make them: heads cut out of one product.
        var qkv = randn([1, layout.Tokens, 3, heads, dim], dtype).permute(2, 0, 3, 1, 4).unbind();
        var input = new AttentionInput(qkv[0], qkv[1], qkv[2]);
        var plan = new GroupedPlan(pattern, TokenGrid.Of(layout));
        var dense = Resident.Growth(() => DenseAttention.Compute(input).Dispose());
        var sparse = Resident.Growth(() => GroupedAttention.Compute(input, layout, plan).Dispose());
        var times = Turns.Run(rounds, () => DenseAttention.Compute(input).Dispose(), () => GroupedAttention.Compute(input, layout, plan).Dispose());
        var speedup = Turns.Ratio(times[0], times[1]);
        Page.Row(
            table, $"{layout.Tokens} tokens, {name}", $"{100 * plan.Density:0.0} %", $"{Spread.Of(times[0]).Median:0.0}", $"{Spread.Of(times[1]).Median:0.0}",
            Page.Range(speedup, "0.00"), $"{1 / plan.Density:0.00}", $"{speedup.Median * plan.Density:0.00}", $"{dense / 1e6:0}", $"{sparse / 1e6:0}");
    }
}
