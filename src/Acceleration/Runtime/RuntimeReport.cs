namespace Acceleration;

/// <summary>What <see cref="Runtime.Tune"/> did.</summary>
/// <param name="Threads">Threads of one operator from now on.</param>
/// <param name="Settings">What was changed, and what was left and why.</param>
public sealed record RuntimeReport(int Threads, IReadOnlyList<RuntimeSetting> Settings)
{
    /// <summary>One line per setting.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Settings.Select(setting => $"{setting.Name}: {setting.Explanation}"));
}
