namespace Acceleration;

/// <summary>What is learned from recorded trajectories: see <see cref="TrajectoryRecorder"/>.</summary>
public interface ITrajectoryStatistic
{
    /// <summary>What it looks at.</summary>
    IReadOnlyList<RecordedPlace> Places { get; }

    /// <summary>Starts a trajectory: one row of a request, from the first step to the last. Several are under way at a time, one for each row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="row">The row. At <see cref="Where.Prediction"/> it is the sample's, elsewhere that of one guidance branch.</param>
    /// <returns>Null where the row is of no interest.</returns>
    ITrajectory? Begin(RunInfo run, RowId row);
}
