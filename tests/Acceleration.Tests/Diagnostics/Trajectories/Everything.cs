using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Diagnostics.Trajectories;

/// <summary>A statistic that keeps a copy of all it is shown, and the same read off the sites by a probe of the test.</summary>
internal sealed class Everything(params IReadOnlyList<RecordedPlace> places) : ITrajectoryStatistic
{
    public IReadOnlyList<RecordedPlace> Places => places;

    /// <summary>Completed trajectories.</summary>
    public int Completed { get; private set; }

    /// <summary>Begun trajectories.</summary>
    public List<RowId> Begun { get; } = [];

    public Dictionary<(string Site, RowId Row, int Step), (float[] Input, float[] Output)> Seen { get; } = [];

    /// <summary>What is asked in each step besides.</summary>
    public OnValue? Asks { get; init; }

    public ITrajectory? Begin(RunInfo run, RowId row)
    {
        Begun.Add(row);
        return new Trajectory(this, row);
    }

    /// <summary>What really flows through some sites, by a hook nearer to the bodies than the recorder's.</summary>
    public static (IStrategy Probe, Dictionary<(string Site, RowId Row, int Step), (float[] Input, float[] Output)> Flown) Direct(Where where)
    {
        var flown = new Dictionary<(string, RowId, int), (float[], float[])>();
        return (Probe.Site(
            where,
            (call, input, next) =>
            {
                var output = next.Invoke(input);
                for (var i = 0; i < call.Rows.Count; i++)
                {
                    flown[(call.Site.Path, call.Rows[i], call.Step.Index)] = (call.Rows.Take(input.Main, [i]).Floats(), call.Rows.Take(output.Main, [i]).Floats());
                }

                return output;
            },
            HookPhase.Slice), flown);
    }

    internal delegate void OnValue(RecordedValue value, RowId row);

    private sealed class Trajectory(Everything all, RowId row) : ITrajectory
    {
        public void See(in RecordedValue value)
        {
            var place = all.Places[value.Place];
            all.Seen[(value.Site.Path, row, value.Step.Index)] = (place.Input ? value.Input().ToArray() : [], place.Output ? value.Output().ToArray() : []);
            all.Asks?.Invoke(value, row);
        }

        public void Complete() => all.Completed++;
    }
}
