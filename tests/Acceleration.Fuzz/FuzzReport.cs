using System.Globalization;

namespace Acceleration.Fuzz;

/// <summary>The figures of a run.</summary>
internal sealed class FuzzReport
{
    private readonly SortedDictionary<string, SortedDictionary<string, long>> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TimeSpan Slowest, TimeSpan All)> _times = [];

    public long Inputs { get; private set; }

    /// <summary>Findings, one line each.</summary>
    public List<string> Findings { get; } = [];

    public TimeSpan Time { get; set; }

    /// <summary>After the first inputs, when everything is loaded and compiled.</summary>
    public Growth? Start { get; set; }

    public Growth? End { get; set; }

    /// <summary>How often each target ended in each way.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, long>> Outcomes => _outcomes;

    public void Add(string target, string outcome, TimeSpan time)
    {
        Inputs++;
        if (!_outcomes.TryGetValue(target, out var outcomes))
        {
            _outcomes[target] = outcomes = new(StringComparer.Ordinal);
        }

        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        var (slowest, all) = _times.GetValueOrDefault(target);
        _times[target] = (time > slowest ? time : slowest, all + time);
    }

    public void Write(TextWriter output)
    {
        foreach (var (target, outcomes) in _outcomes)
        {
            var each = string.Join(", ", outcomes.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} {o.Value}")));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target,-12} {outcomes.Values.Sum(),9} in {_times[target].All.TotalSeconds,5:0} s, slowest {_times[target].Slowest.TotalMilliseconds,5:0} ms: {each}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Inputs} inputs in {Time.TotalSeconds:0} s, {Findings.Count} findings."));
        output.WriteLine($"start: {Start}");
        output.WriteLine($"end:   {End}");
    }
}
