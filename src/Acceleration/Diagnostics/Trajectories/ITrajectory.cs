namespace Acceleration;

/// <summary>One row's trajectory, as a statistic sees it.</summary>
public interface ITrajectory
{
    /// <summary>Sees a site's values in one step. Sites come in the order in which they end: a block behind its parts, the network behind its blocks.</summary>
    void See(in RecordedValue value);

    /// <summary>The trajectory is whole: adds it to the statistic. Not called where the run was stopped or failed, so that nothing half seen counts.</summary>
    void Complete();
}
