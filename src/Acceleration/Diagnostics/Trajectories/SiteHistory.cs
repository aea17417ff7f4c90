namespace Acceleration;

/// <summary>The values of one site in the newest steps, in host memory.</summary>
/// <param name="site">The site.</param>
/// <param name="rows">Rows along dimension 0 of every value; they must stay the same from step to step.</param>
/// <param name="kept">Steps that stay at hand.</param>
internal sealed class SiteHistory(Site site, RowSet rows, long kept)
{
    public const string Inputs = "input";
    public const string Outputs = "output";

    private readonly Dictionary<string, List<float[]>> _values = [];

    public Site Site => site;

    public RowSet Rows => rows;

    public int Width { get; private set; }

    /// <summary>Steps seen.</summary>
    public int Steps { get; private set; }

    public static string Name(Signal signal) => $"signal {signal}";

    /// <summary>Remembers one value of all rows as that of the present step, and forgets what nobody looks back to.</summary>
    public void Add(string name, float[] value)
    {
        if (!_values.TryGetValue(name, out var steps))
        {
            _values[name] = steps = [];
        }

        steps.Add(value);
        if (steps.Count > kept)
        {
            steps.RemoveAt(0);
        }
    }

    /// <summary>All values of the step are there.</summary>
    public void EndStep(long width)
    {
        Width = (int)width;
        Steps++;
    }

    public ReadOnlySpan<float> Of(string name, int row, int back)
    {
        if (!_values.TryGetValue(name, out var steps) || back < 0 || back >= steps.Count)
        {
            throw new InvalidOperationException($"The {name} of {site}, {back} steps back, is not recorded: name it in {nameof(ITrajectoryStatistic.Places)}, with as long a {nameof(RecordedPlace.LookBack)}, and ask for steps of this run.");
        }

        var whole = steps[^(back + 1)];
        var length = whole.Length / rows.Count;
        return whole.AsSpan(row * length, length);
    }
}
