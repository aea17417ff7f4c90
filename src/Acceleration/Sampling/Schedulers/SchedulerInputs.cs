namespace Acceleration;

/// <summary>What a class takes of a <see cref="SchedulerCall"/> beside the number of steps.</summary>
[Flags]
internal enum SchedulerInputs
{
    None = 0,
    Mu = 1,
    Sigmas = 2,
    Timesteps = 4,
    Strength = 8,
    OriginalSteps = 16,
}
