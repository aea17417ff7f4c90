using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Latents at one step, as <see cref="GradientHistory"/> follows them.</summary>
/// <param name="Step">The step.</param>
/// <param name="Key">Name of what is followed, and the site at which it is remembered.</param>
/// <param name="Rows">The rows of <paramref name="X"/>.</param>
/// <param name="X">x in x = α·x0 + σ·ε.</param>
internal readonly record struct TrajectoryPoint(StepInfo Step, StoreKey Key, RowSet Rows, Tensor X)
{
    /// <summary>At the prediction site.</summary>
    public static TrajectoryPoint At(in SiteCall call, string stream) => new(call.Step, call.Key(stream), call.Rows, call.Unscaled(call.Rows));

    /// <summary>The latents of some rows.</summary>
    public Tensor Of(RowSet rows) => Rows.Take(X, rows);
}
