using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>When token merging pays.</summary>
internal static class MergingCommand
{
    public const string What = "when token merging pays [--tokens 256,1024,4096,16384] [--width 384] [--percent 10,25,50,70] [--dtype float32]";

    private const string Method = """
        The attention part of one block (four projections, attention) on one row of a square grid, whole and on the tokens that 2 × 2 cells keep; least of three runs. Planning is matching and its bookkeeping,
          moving is merging the part's input and expanding its output. Speed-ups are of the attention part, for plans used once, by 8 blocks, and by 8 blocks in 5 steps.
        """;

    private static readonly double[] Uses = [1, 8, 40];

    public static int Run(Options options)
    {
        var (tokens, width, percents, types) = (options.Numbers("--tokens", 256, 1024, 2304, 4096, 9216, 16384), options.Number("--width", 384), options.Numbers("--percent", 10, 25, 50, 70), options.Types(ScalarType.Float32));
        options.RequireAllRead();
        Page.Machine(types);
        foreach (var dtype in types)
        {
            var table = Page.Table($"{dtype}, width {width}", "merged", "plan ms", "move ms", "whole ms", "merged ms", "used once", "8 times", "40 times", "pays from");
            foreach (var count in tokens)
            {
                foreach (var percent in percents)
                {
                    var cost = MergeCost.Measure(new ToMeSD(percent / 100.0) { Random = false }, Grid.Square(count), width, dtype);
                    Page.Row(
                        table,
                        [
                            $"{count} tokens", $"{percent} %", $"{cost.Plan:0.00}", $"{cost.Move:0.00}", $"{cost.Whole:0.00}", $"{cost.Merged:0.00}",
                            .. Uses.Select(u => $"{cost.Speedup(u):0.00}x"),
                            cost.BreakEvenUses is { } uses ? $"{Math.Ceiling(uses):0} {(uses <= 1 ? "use" : "uses")}" : "never",
                        ]);
                }
            }

            Page.Write(table);
        }

        Page.Line(Method);
        return 0;
    }
}
