using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What the library adds to libtorch's operators: the sites against a plain loop, and everything outside the operators.</summary>
internal static class OverheadCommand
{
    public const string What = "sites against a plain loop; share of time outside libtorch's operators [--batches 1,8] [--rounds 40] [--dtype ...]";

    private const string Method = """
        Loop: the same layers and operators written by hand, without sites; passes alternate, the ratio is of neighbours. As the difference is smaller than what
          times of one machine scatter, it is also measured alone, at a size without arithmetic (width 12, four tokens, same rows, blocks and routes, one thread): 'sites'.
        Host: what managed code takes for one operator call is a pass at that size less the same operators called by libtorch's own interpreter, over the number of calls
          (both in libtorch's native forms); times the calls of the real routes it is the time outside libtorch. 'With dispatch' is the whole pass at that size.
        """;

    public static int Run(Options options)
    {
        var (batches, rounds, types, routes) = (options.Numbers("--batches", 1, 8), options.Number("--rounds", 40), options.Types(ScalarType.Float32, ScalarType.BFloat16), options.Flag("--routes"));
        options.RequireAllRead();
        using var grad = no_grad();
        using var tiny = ResizedCheckpoint.Tiny();
        var sites = Page.Table("dtype, batch", "with Evaluation ms", "plain loop ms", "ratio", "max |difference|", "sites µs", "sites share");
        var host = Page.Table("dtype, batch", "forward ms", "calls", "managed ns per call", "managed µs", "share", "µs with dispatch", "share");
        foreach (var dtype in types)
        {
            using var network = SampleNetwork.Load(dtype);
            using var loop = new PlainDiT(SampleNetwork.Path, dtype);
            if (dtype == types[0])
            {
                Page.Machine(network.Info, types);
            }

            foreach (var batch in batches)
            {
                // So that what is described afterwards are this batch's routes.
                OperatorRoutes.Forget();
                using var input = SampleNetwork.Input(network.Info, batch);
                var times = Turns.Run(rounds, () => input.Run(network).Dispose(), () => loop.Predict(input).Dispose());
                if (routes)
                {
                    Page.Routes();
                }

                var (name, forward, plain) = ($"{dtype}, {batch}", Spread.Of(times[0]), Spread.Of(times[1]));
                var cost = HostCost.Measure(() => input.Run(network).Dispose(), tiny, dtype, batch);
                Page.Row(sites, name, Page.Range(forward, "0.0"), Page.Range(plain, "0.0"), Page.Range(Turns.Ratio(times[0], times[1]), "0.000"),
                    $"{Difference(input.Run(network), loop.Predict(input)):0.0e+0}", $"{cost.Sites:0}", Share(cost.Sites, forward));
                Page.Row(host, name, Page.Range(forward, "0.0"), $"{cost.Calls}", $"{cost.PerCall * 1e3:0}", $"{cost.Managed:0}", Share(cost.Managed, forward), $"{cost.Pass:0}", Share(cost.Pass, forward));
            }
        }

        Page.Write(sites);
        Page.Write(host);
        Page.Line(Method);
        return 0;
    }

    private static string Share(double microseconds, Spread forward) => $"{microseconds / forward.Median / 10:0.00} %";

    private static double Difference(Tensor a, Tensor b)
    {
        using (a)
        using (b)
        using (var difference = (a - b).abs().max())
        {
            return difference.item<float>();
        }
    }
}
