using System.Globalization;

namespace Acceleration;

/// <summary>What <see cref="NetworkCheck"/> tried and found. Immutable.</summary>
public sealed class NetworkCheckReport
{
    internal NetworkCheckReport(string network, IReadOnlyList<NetworkCheckFinding> findings, IReadOnlyList<string> notes)
    {
        (Network, Findings, Notes) = (network, findings, notes);
        Failures = [.. findings.Where(f => !f.Passed)];
    }

    /// <summary>Name of the network.</summary>
    public string Network { get; }

    /// <summary>All that was tried, in order.</summary>
    public IReadOnlyList<NetworkCheckFinding> Findings { get; }

    /// <summary>What of it is wrong. A fault shows at the sites around it too: begin with the innermost.</summary>
    public IReadOnlyList<NetworkCheckFinding> Failures { get; }

    /// <summary>What is not wrong but keeps strategies from acting, such as token counts that are not those of the layout: a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>Does nothing where all passed.</summary>
    /// <exception cref="InvalidOperationException">Something is wrong; the message is the report.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
        {
            throw new InvalidOperationException(ToString());
        }
    }

    /// <summary>One line of summary, then one for each failure and each note.</summary>
    public override string ToString()
    {
        var sites = Findings.Select(f => f.Site).Distinct().Count();
        var worst = Findings.Where(f => f.Passed).Max(f => f.Difference) ?? 0;
        return string.Join(Environment.NewLine, Failures.Select(f => "  " + f).Concat(Notes.Select(n => "  note: " + n)).Prepend(string.Create(
            CultureInfo.InvariantCulture,
            $"{Network}: {Findings.Count - Failures.Count} of {Findings.Count} checks at {sites} sites passed (largest relative difference among them {worst:g3})")));
    }
}
