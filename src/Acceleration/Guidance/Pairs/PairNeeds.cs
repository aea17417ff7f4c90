namespace Acceleration;

/// <summary>What every combiner of a conditional and an unconditional output asks for.</summary>
internal static class PairNeeds
{
    /// <param name="scale">Its scale s; 1 is off.</param>
    public static Requirements Of(double scale) => new() { CombinesBranches = true, GuidanceScale = scale, UnconditionalBranch = !GuidanceScale.IsOff(scale) };
}
