using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The recorded run of <see cref="LinearAGCheck"/>: trajectories of plain guidance, and one with estimates.</summary>
internal static class LinearAGLoop
{
    private const double Tolerance = 1e-5;

    public static void Compare(GoldenFile file, Findings found, LinearAGFit fit, CancellationToken cancellation)
    {
        var (start, scale, grid) = (file.Read("input.sample_unit"), file.Number("scale"), AlphaBarGrid.Of(file, found));
        var samples = (int)start.size(0);
        using var network = new TableNetwork(file, PredictionType.Epsilon, start.shape[1..]);
        using var condition = Conditioning.None(samples);

        Run(file.Read("input.trajectory.x"), "trajectory of plain guidance", []);
        if (!file.Has("output64.sample_x"))
        {
            return;
        }

        var evaluations = file.Whole("output.sample_evaluations");
        var weights = new LinearAG([.. fit.FitAll(new() { Ridge = 0 }).Select(f => f.Weights)]);
        network.Evaluated.Clear();
        Run(file.Read("output64.sample_x"), "trajectory with estimates", [weights]);
        found.Equal("evaluations", "", Enumerable.Range(0, grid.Steps).Select(k => (long)network.In(k, samples).Max()), evaluations);

        void Run(Tensor expected, string what, IStrategy[] strategies)
        {
            var builder = Sampler.For(network).Solve(new Ddim(), grid).Guidance(scale);
            using var session = strategies.Aggregate(builder, (b, s) => b.Use(s)).Build().Start(new() { Condition = condition, Latents = start });
            for (var k = 0; k < grid.Steps; k++)
            {
                session.Advance(cancellation);
                found.WithinOfMax(what, $"step {k}", session.Latents, expected[k + 1], Tolerance);
            }
        }
    }
}
