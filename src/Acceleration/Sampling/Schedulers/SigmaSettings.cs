namespace Acceleration;

/// <summary>Settings that the published classes in sigma space share.</summary>
internal static class SigmaSettings
{
    /// <summary>Whether the last step arrives at the clean sample.</summary>
    public static bool EndsClean(this SchedulerConfig config) => config.Choice("final_sigmas_type", "zero", ("zero", true), ("sigma_min", false));

    /// <summary>The levels as spacing, offset and shape have them.</summary>
    public static Func<SchedulerCall, SigmaGrid> SigmaLevels(this SchedulerConfig config, bool shapes)
    {
        var (spacing, offset, shape) = (config.Spacing("linspace"), config.Get("steps_offset", 0), shapes ? config.Shape() : SigmaShape.Plain);
        return call => new(call.Steps) { Spacing = spacing, Offset = offset, Shape = shape };
    }

    /// <summary>Timesteps of a call, where the class takes some; null where the call has none.</summary>
    /// <exception cref="ArgumentException">They do not go with the levels' shape.</exception>
    public static GivenLevels? AtGivenTimes(this SchedulerCall call, NoiseTable table, SigmaGrid grid)
    {
        if (call.Timesteps is not { } times)
        {
            return null;
        }

        if (grid.Shape is not (SigmaShape.Plain or SigmaShape.LogLinear) || grid.Continuous)
        {
            throw new ArgumentException($"Timesteps are given, and do not go with {(grid.Continuous ? "continuous times" : $"{grid.Shape.ToString().ToLowerInvariant()} levels")}.", nameof(call));
        }

        return new(call, times.Count, _ => grid.Shape == SigmaShape.Plain ? SigmaSchedule.FromTimes(table, times, grid.EndsClean, grid.Spacing) : SigmaSchedule.LogLinearAt(table, times, grid.Spacing));
    }
}
