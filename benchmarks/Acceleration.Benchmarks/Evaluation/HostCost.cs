using Acceleration.Models;
using Acceleration.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What a forward pass costs apart from the arithmetic.</summary>
/// <param name="Calls">Operator calls that return a tensor.</param>
/// <param name="Least">Microseconds: those calls times what one call costs from managed code that does nothing (a second handle of a tensor).</param>
/// <param name="Most">Microseconds of the whole pass at a size without arithmetic; libtorch's own dispatch is counted too.</param>
/// <param name="Sites">Microseconds of it that the sites cost: with the evaluation minus without.</param>
internal sealed record HostCost(long Calls, double Least, double Most, double Sites)
{
    private const int Rounds = 101;
    private const int HandlesPerRound = 50;

    /// <summary>Measures on one thread, so that no operator waits for workers, with the routes that the real network takes.</summary>
    public static HostCost Measure(ResizedCheckpoint tiny, ScalarType dtype, int rows)
    {
        var threads = get_num_threads();
        set_num_threads(1);
        PinCostliest();
        try
        {
            using var network = DiT.Load(tiny.Path, new() { DType = dtype });
            using var loop = new PlainDiT(tiny.Path, dtype);
            using var input = SampleNetwork.Input(network.Info, rows);
            var times = Turns.Run(Rounds, () => input.Run(network).Dispose(), () => loop.Predict(input).Dispose());
            var calls = CountCalls(() => input.Run(network).Dispose());
            var sites = Spread.Of([.. times[0].Zip(times[1], (with, without) => with - without)]);
            return new(calls, calls * MicrosecondsPerCall(), Spread.Of(times[0]).Median * 1e3, sites.Median * 1e3);
        }
        finally
        {
            OperatorRoutes.Pin();
            set_num_threads(threads);
        }
    }

    /// <summary>Of the routes in use, those of the most calls: tiny shapes would all take the native ones.</summary>
    private static void PinCostliest()
    {
        var used = OperatorRoutes.Describe();
        OperatorRoutes.Pin(Costliest<MatrixRoute>("matrix product"), Costliest<AttentionRoute>("attention"), Costliest<GeluRoute>("GELU"), Fewest("linear and GELU"));

        T Costliest<T>(string name)
            where T : struct, Enum => used.Where(c => c.Operator == name).Select(c => Enum.Parse<T>(c.Route)).DefaultIfEmpty().Max();
        LinearGeluRoute Fewest(string name) => used.Where(c => c.Operator == name).Select(c => Enum.Parse<LinearGeluRoute>(c.Route)).DefaultIfEmpty().Min();
    }

    private static long CountCalls(Action pass)
    {
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount;
        pass();
        return statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount - before;
    }

    private static double MicrosecondsPerCall()
    {
        using var one = ones(1);
        var times = Turns.Run(Rounds, () =>
        {
            using var scope = NewDisposeScope();
            for (var i = 0; i < HandlesPerRound; i++)
            {
                one.alias();
            }
        });
        return Spread.Of(times[0]).Median * 1e3 / HandlesPerRound;
    }
}
