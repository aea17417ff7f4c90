using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Collects what a check finds.</summary>
internal sealed class FindingList(double tolerance)
{
    private readonly List<NetworkCheckFinding> _all = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<NetworkCheckFinding> All => _all.AsReadOnly();

    /// <summary>What is not wrong, and keeps some strategies from acting.</summary>
    public IReadOnlyList<string> Notes => _notes.AsReadOnly();

    /// <summary>A list apart, for what may fail.</summary>
    public FindingList Apart() => new(tolerance);

    public void Note(string note) => _notes.Add(note);

    public void Pass(Site site, string tried, double? difference = null) => _all.Add(new(site.Path, tried, difference));

    public void Fail(Site site, string tried, string message, double? difference = null) => _all.Add(new(site.Path, tried, difference, message));

    /// <summary>An exception that a site let out.</summary>
    /// <param name="site">The site that was tried.</param>
    /// <param name="tried">How.</param>
    /// <param name="error">What came out of it.</param>
    /// <param name="from">The innermost site at that time.</param>
    /// <param name="hint">Where to look.</param>
    public void Fail(Site site, string tried, Exception error, Site? from, string hint = "")
    {
        // Native errors append their call stack.
        var message = error.Message.Split('\n')[0].Trim();
        var inside = from is null || from == site || message.Contains(from.Path, StringComparison.Ordinal) ? "" : $"at {from}: ";
        Fail(site, tried, $"{inside}{message} [{error.GetType().Name}]{(hint.Length == 0 ? "" : " " + hint)}");
    }

    public void Require(Site site, string tried, bool holds, string otherwise)
    {
        if (holds)
        {
            Pass(site, tried);
        }
        else
        {
            Fail(site, tried, otherwise);
        }
    }

    /// <summary>Live tensors that a run in a dispose scope of its own left behind.</summary>
    public void Leaks(Site site, long left) =>
        Require(site, "nothing left behind", left <= 0, $"{left} live tensors are left behind: what is detached from dispose scopes has to be disposed.");

    /// <summary>Compares parts with what they should be.</summary>
    /// <returns>Whether they are.</returns>
    public bool Compare(Site site, string tried, IEnumerable<(Value Actual, Value Expected)> parts, string hint, bool exactly = false)
    {
        double worst = 0;
        foreach (var (actual, expected) in parts)
        {
            if (Difference.OfShapes(actual, expected) is { } shapes)
            {
                Fail(site, tried, $"{shapes}. {hint}");
                return false;
            }

            worst = Math.Max(worst, Difference.Relative(actual, expected));
        }

        // A difference that is no number fails too.
        var same = worst <= (exactly ? 0 : tolerance);
        if (same)
        {
            Pass(site, tried, worst);
        }
        else
        {
            Fail(site, tried, $"the result is another. {hint}", worst);
        }

        return same;
    }

    /// <inheritdoc cref="Compare(Site, string, IEnumerable{ValueTuple{Value, Value}}, string, bool)"/>
    public bool Compare(Site site, string tried, Tensor actual, Tensor expected, string hint, bool exactly = false) =>
        Compare(site, tried, [(new(actual), new(expected))], hint, exactly);
}
