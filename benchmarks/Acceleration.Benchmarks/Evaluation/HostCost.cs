using Acceleration.Models;
using Acceleration.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What a forward pass costs apart from the arithmetic, in microseconds on one thread, with the routes that the real network takes.</summary>
/// <param name="Calls">Operator calls of the real pass that return a tensor.</param>
/// <param name="PerCall">
/// What managed code takes for one of them: a pass at a size without arithmetic, less the same operators called by libtorch's own interpreter, over the number of calls.
/// </param>
/// <param name="Pass">The whole pass at that size; libtorch's own dispatch is counted too.</param>
/// <param name="Sites">What the sites cost of it: with the evaluation minus without.</param>
internal sealed record HostCost(long Calls, double PerCall, double Pass, double Sites)
{
    private const int Rounds = 101;
    private const int Repeats = 10;

    /// <summary>All of the pass that is outside of libtorch.</summary>
    public double Managed => Calls * PerCall;

    /// <summary>Measures on one thread, so that no operator waits for workers.</summary>
    /// <param name="pass">The real pass: its shapes choose the routes, and with them the number of calls.</param>
    /// <param name="tiny">The same network at a size without arithmetic.</param>
    /// <param name="dtype">Type to compute in.</param>
    /// <param name="rows">Rows of the pass.</param>
    public static HostCost Measure(Action pass, ResizedCheckpoint tiny, ScalarType dtype, int rows)
    {
        var calls = CountCalls(pass);
        var threads = get_num_threads();
        set_num_threads(1);
        var used = OperatorRoutes.Describe();
        try
        {
            using var network = DiT.Load(tiny.Path, new() { DType = dtype });
            using var loop = new PlainDiT(tiny.Path, dtype);
            using var input = SampleNetwork.Input(network.Info, rows);
            OperatorRoutes.PinNative();
            var perCall = ManagedPerCall(network, loop, input);
            PinCostliest(used);
            var times = Turns.Run(Rounds, () => input.Run(network).Dispose(), () => loop.Predict(input).Dispose());
            var sites = Spread.Of([.. times[0].Zip(times[1], (with, without) => with - without)]);
            return new(calls, perCall, Spread.Of(times[0]).Median * 1e3, sites.Median * 1e3);
        }
        finally
        {
            OperatorRoutes.Pin();
            set_num_threads(threads);
        }
    }

    private static double ManagedPerCall(DiT network, PlainDiT loop, NetworkInput input)
    {
        var script = new ScriptedDiT(loop);
        RequireEqual(input.Run(network), script.Predict(input, 1));
        var times = Turns.Run(
            Rounds,
            () =>
            {
                for (var i = 0; i < Repeats; i++)
                {
                    input.Run(network).Dispose();
                }
            },
            () => script.Predict(input, Repeats).Dispose());
        var managed = Spread.Of([.. times[0].Zip(times[1], (with, without) => with - without)]);
        return managed.Median * 1e3 / Repeats / CountCalls(() => input.Run(network).Dispose());
    }

    /// <summary>Else the difference of the two times says nothing.</summary>
    private static void RequireEqual(Tensor a, Tensor b)
    {
        using (a)
        using (b)
        {
            if (!a.allclose(b, rtol: 1e-4, atol: 1e-6))
            {
                throw new InvalidOperationException("The scripted network computes something else.");
            }
        }
    }

    /// <summary>Of the routes in use, those of the most calls: tiny shapes would all take the native ones.</summary>
    private static void PinCostliest(IReadOnlyList<RouteChoice> used)
    {
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
}
