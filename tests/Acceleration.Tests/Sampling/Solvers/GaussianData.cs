using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>
/// Data of independent normal distributions N(μ, s²): the best prediction and the trajectories of the probability flow are known, x = α·μ + z·√(α²s² + σ²) with z fixed, for every scaling of latents. In float64.
/// </summary>
internal sealed class GaussianData
{
    private readonly Tensor _mean = tensor([0.5, -1.0, 0.2, 2.0], [1, 1, 2, 2]);
    private readonly Tensor _variance = tensor([0.64, 1.0, 1.44, 2.25], [1, 1, 2, 2]);
    private readonly Tensor _z = tensor([1.0, -0.7, 0.4, -1.3], [1, 1, 2, 2]);

    /// <summary>Where the trajectory is at a level.</summary>
    public Tensor Latents(GridPoint at) => (_mean * (double)at.Alpha) + (_z * Spread(at).sqrt());

    /// <summary>What a perfect network says of latents at a level.</summary>
    public Tensor Predict(Tensor x, GridPoint at, PredictionType type)
    {
        var clean = _mean + (_variance * (double)at.Alpha / Spread(at) * (x - (_mean * (double)at.Alpha)));
        var noise = (x - (clean * (double)at.Alpha)) / (double)at.Sigma;
        return type switch
        {
            PredictionType.Sample => clean,
            PredictionType.Epsilon => noise,
            PredictionType.Flow => noise - clean,
            PredictionType.Velocity => (noise * (double)at.Alpha) - (clean * (double)at.Sigma),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>How far a solver is from the trajectory at the end of a schedule. Its first steps begin at exact latents, so that it goes on with exact memories.</summary>
    public double Error(ISolver solver, Schedule grid, PredictionType type, int exact)
    {
        using var scope = NewDisposeScope();
        var state = SolverState.Start(Latents(grid.Points[0]));
        for (var k = 0; k < grid.Steps; k++)
        {
            state = k <= exact ? state with { Latents = Latents(grid.Points[k]) } : state;
            for (var c = 0; c < solver.Calls(grid, k); c++)
            {
                var input = solver.Input(state, grid, k, c);
                var now = new Prediction(Predict(input.Unscaled, input.At, type), type, input.Unscaled, input.At);
                var update = solver.Step(state, grid, k, c, now);
                Assert.Null(update.NoiseScale);
                state = update.Next with { Latents = update.Mean };
            }
        }

        return (state.Latents - Latents(grid.Targets[^1])).abs().max().item<double>();
    }

    private Tensor Spread(GridPoint at) => (_variance * ((double)at.Alpha * at.Alpha)) + ((double)at.Sigma * at.Sigma);
}
