namespace Acceleration;

/// <summary>One stage of latent upsampling.</summary>
/// <param name="Scale">Sides relative to the request's; each stage has those of the one before, or twice as many.</param>
/// <param name="Steps">Steps of the stage.</param>
/// <param name="End">e = 1 − σ at which it ends; 1 for the last.</param>
/// <param name="Shift">h: shift of its noise levels towards noise; 1 for none.</param>
public sealed record UpsamplingStage(double Scale, int Steps, double End, double Shift = 1)
{
    /// <summary>Steps of the stage.</summary>
    public int Steps { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Steps, nameof(Steps));
}
