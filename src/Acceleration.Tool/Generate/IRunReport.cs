namespace Acceleration.Tool;

/// <summary>What <see cref="EarlierRun"/> must know of a report to go on from it.</summary>
internal interface IRunReport
{
    /// <summary>Tells what was asked for.</summary>
    string Request { get; }

    /// <summary>Files of the pictures that were made.</summary>
    IEnumerable<string> Files { get; }

    /// <summary>What was asked for and how much of it is there, in words.</summary>
    string Told { get; }
}
