using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>
/// A sampling run whose latents are given: whatever is predicted, step k sees <c>latents[k]</c>. So decisions can be compared with records and with each
/// other, undisturbed by what they did to the trajectory.
/// </summary>
/// <param name="latents">Latents of each step, [samples, channels, ...], on any device.</param>
internal sealed class Replay(IReadOnlyList<Tensor> latents) : ISolver
{
    public string Name => "replay";

    /// <summary>The prediction each step gave its solver.</summary>
    public List<float[]> Outputs { get; } = [];

    public Schedule Grid { get; } = Schedule.Through("replay", [.. Enumerable.Range(0, latents.Count + 1).Select(k =>
    {
        var sigma = 1 - ((float)k / latents.Count);
        return new GridPoint(1000 * sigma, 1 - sigma, sigma);
    })]);

    public int Calls(Schedule grid, int step) => 1;

    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        Outputs.Add(now.Output.Floats());
        var next = latents[Math.Min(step + 1, latents.Count - 1)].ToTestDevice().alias();
        return new(next, null, state with { Latents = next });
    }

    /// <summary>Runs all steps.</summary>
    public Trace Run(IDenoiser network, params IStrategy[] strategies)
    {
        var builder = strategies.Aggregate(Sampler.For(network).Solve(this, Grid).OnNonFinite(NonFinite.Ignore), (b, s) => b.Use(s));
        return Run(builder.Build());
    }

    /// <inheritdoc cref="Run(IDenoiser, IStrategy[])"/>
    public Trace Run(Sampler sampler)
    {
        var request = Toy.Request((int)latents[0].size(0)) with { Latents = latents[0] };
        using var condition = request.Condition;
        using var result = sampler.Generate(request);
        return result.Trace;
    }
}
