using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The first steps of <see cref="Pndm"/>, of several calls. What they keep between calls stands in front of the directions: the latents where the step began, and what its calls so far add up to.
/// </summary>
internal static class PndmStart
{
    /// <summary>
    /// Levels within a step of Runge and Kutta: where its first call arrives, where the second is asked and arrives (so is the third asked), and where the third arrives. A step's half up and its half down differ by one
    /// training step where the step is odd.
    /// </summary>
    public const int RungeKutta = 3;

    /// <summary>Levels within a step of two calls: where the first arrives, and whence the second one's step counts.</summary>
    public const int Corrected = 2;

    private const int Own = 2;

    public static int Calls(int inner) => inner switch
    {
        RungeKutta => 4,
        Corrected => 2,
        _ => 1,
    };

    /// <summary>Where a call after the first is asked.</summary>
    public static GridPoint At(Schedule grid, int step, int call) =>
        grid.Inner(step) is { Length: RungeKutta } inner && call < RungeKutta ? inner[1] : grid.Targets[step];

    /// <summary>One call.</summary>
    /// <param name="state">The state.</param>
    /// <param name="grid">Noise levels.</param>
    /// <param name="step">The step.</param>
    /// <param name="call">The call in it.</param>
    /// <param name="leading">The call's direction, which moves.</param>
    /// <param name="kept">The call's direction, which is remembered.</param>
    /// <param name="type">What directions are.</param>
    public static SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Tensor leading, Tensor kept, PredictionType type)
    {
        using var scope = NewDisposeScope();
        var (from, to, inner) = (grid.Points[step], grid.Targets[step], grid.Inner(step));
        var (first, directions) = call == 0 ? (state.Latents, AdamsBashforth.Push(kept, state.History)) : (state.History[0], [.. state.History.Skip(Own)]);
        var isLast = call == Calls(inner.Length) - 1;
        var sum = Weighted(leading, inner.Length, call);
        sum = (call == 0 ? sum : state.History[1].Plus(sum)).MoveToOuterDisposeScope();
        var (origin, end) = isLast ? (inner.Length == Corrected ? inner[1] : from, to) : (from, inner[call]);
        var mean = Pndm.Moved(first, isLast ? sum : leading, origin, end, type).MoveToOuterDisposeScope();
        return new(mean, null, new(mean, isLast ? directions : [first, sum, .. directions]));
    }

    private static Tensor Weighted(Tensor direction, int inner, int call) =>
        direction.Times(inner == Corrected ? 1.0 / 2 : call is 0 or 3 ? 1.0 / 6 : 1.0 / 3);
}
