namespace Acceleration.Tool;

/// <summary>The DDIM noise levels that a file records, compared with those of the scheduler it names.</summary>
internal static class AlphaBarGrid
{
    private const double Levels = 1e-5;

    public static Schedule Of(GoldenFile file, Findings found)
    {
        var (alphaBar, times) = (file.Numbers("input.alpha_bar"), file.Whole("output.timesteps"));
        if (alphaBar.Length != times.Length + 1)
        {
            throw file.Wrong($"{alphaBar.Length} values of input.alpha_bar do not fit {times.Length} timesteps; one more is right.");
        }

        var config = file.Config("scheduler_config_given");
        var grid = StoredScheduler.Of("DDIMScheduler", config, file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), times.Length).Grid;
        found.Equal("timesteps", "", grid.Points.Select(p => p.Time), times.Select(t => (double)t));
        found.Relative("alpha_bar", grid.Points.Append(grid.Targets[^1]).Select(p => (double)p.Alpha * p.Alpha), alphaBar, Levels);
        return Schedule.Through("recorded", [.. alphaBar.Select((a, k) => new GridPoint(k < times.Length ? times[k] : 0, (float)Math.Sqrt(a), (float)Math.Sqrt(1 - a)))]);
    }
}
