using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Heun's method in two calls: along the first slope to the end, then from the start along the mean of the slopes at both ends. Between the calls the history holds the first slope and the latents of the start.
/// </summary>
internal static class HeunStep
{
    /// <summary>x + slope·distance, with what the second call needs.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="slope">The first slope.</param>
    /// <param name="distance">σ' − σ.</param>
    /// <param name="isWhole">Whether no second call follows.</param>
    public static SolverUpdate First(in SolverState state, Tensor slope, float distance, bool isWhole)
    {
        using var scope = NewDisposeScope();
        var mean = Wide.Result(Wide.Of(state.Latents).Plus(slope.Times(distance)), state.Latents.dtype);
        return new(mean, null, new(mean, isWhole ? [] : [slope, state.Latents]));
    }

    /// <summary>x + (slope₁ + slope₂)/2·distance.</summary>
    /// <param name="state">The state after the first call.</param>
    /// <param name="slope">The second slope.</param>
    /// <param name="distance">σ' − σ.</param>
    public static SolverUpdate Second(in SolverState state, Tensor slope, float distance)
    {
        var (first, start) = (state.History[0], state.History[1]);
        using var scope = NewDisposeScope();
        var mean = Wide.Result(Wide.Of(start).Plus(first.Plus(slope).Over(2).Times(distance)), state.Latents.dtype);
        return new(mean, null, SolverState.Start(mean));
    }
}
