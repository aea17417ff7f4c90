using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What solvers in sigma space ask of a schedule, and what they give the network.</summary>
internal static class SigmaLevels
{
    /// <summary>Above 1 by more than roundings of a variance-preserving level.</summary>
    private const float AboveUnit = 1.001f;

    /// <summary>Why a schedule is not one of sigma space; null where it is.</summary>
    /// <param name="grid">The schedule.</param>
    /// <param name="asksBetween">Whether the network is asked at levels between those of the steps.</param>
    public static string? Why(Schedule grid, bool asksBetween = false) => Enumerable.Range(0, grid.Steps).Select(k => Why(grid, k)).FirstOrDefault(w => w is not null) ?? (asksBetween && grid.Level is null ? WhyNotBetween(grid) : null);

    /// <exception cref="ArgumentException">The step is not in sigma space, or starts without noise.</exception>
    public static void Require(Schedule grid, int step, string solver)
    {
        if (Why(grid, step) is { } why)
        {
            throw new ArgumentException($"{solver}: {why}");
        }
    }

    /// <summary>Why a solver cannot follow a schedule that gives the network its latents as they are; null where it can.</summary>
    public static string? WhyUnscaled(Schedule grid)
    {
        var step = Enumerable.Range(0, grid.Steps).FirstOrDefault(k => (grid.Points[k].AlphaBar + (grid.Points[k].Sigma * grid.Points[k].Sigma)) > AboveUnit, -1);
        return step < 0 ? null
            : $"Step {step} of schedule {grid.Name} from {grid.Points[step]} is in sigma space, where the network is given scaled latents; solvers such as Euler, Heun and LMS scale them.";
    }

    /// <summary>A noise level between those of the steps.</summary>
    /// <exception cref="ArgumentException">The schedule knows those of its steps alone.</exception>
    public static GridPoint Between(Schedule grid, float sigma) => grid.Level?.Invoke(sigma) ?? throw new ArgumentException(WhyNotBetween(grid));

    /// <summary>The latents with unit variance for the network, and as they are for conversions.</summary>
    public static SolverInput Input(Tensor x, GridPoint at) => new(x.Over(MathF.Sqrt((at.Sigma * at.Sigma) + (at.SigmaData * at.SigmaData))), x, at);

    private static string? Why(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        return from.Alpha == 1 && to.Alpha == 1 && from.Sigma > 0 ? null
            : $"Step {step} of schedule {grid.Name} from {from} to {to} is not in sigma space, alpha = 1 and sigma above 0; a {nameof(SigmaGrid)} or an {nameof(EdmGrid)} is needed.";
    }

    private static string WhyNotBetween(Schedule grid) =>
        $"The network is asked between the levels of the steps, and schedule {grid.Name} does not say what it is told there; a {nameof(SigmaGrid)} or an {nameof(EdmGrid)} is needed, or {nameof(Schedule)}.{nameof(Schedule.Level)}.";
}
