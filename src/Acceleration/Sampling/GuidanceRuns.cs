namespace Acceleration;

/// <summary>The runs of a request that choose and combine guidance branches.</summary>
internal sealed class GuidanceRuns
{
    private static readonly int[] ConditionAlone = [Branch.Conditional];
    private readonly ICombiner? _combiner;
    private readonly IBranchWindow[] _windows;
    private readonly IGuidanceTerm[] _terms;
    private readonly Dictionary<int, IDenoiser> _networks;

    public GuidanceRuns(IEnumerable<IRun> runs)
    {
        var all = runs.ToArray();
        _combiner = all.OfType<ICombiner>().SingleOrDefault();
        Policy = all.OfType<IBranchPolicy>().SingleOrDefault();
        _windows = [.. all.OfType<IBranchWindow>()];
        _terms = [.. all.OfType<IGuidanceTerm>().OrderBy(t => t.Stage)];
        _networks = all.OfType<IBranchNetwork>().ToDictionary(n => n.Branch, n => n.Network);
    }

    /// <summary>Chooses among the wanted branches, sample by sample; null for all of them.</summary>
    public IBranchPolicy? Policy { get; }

    /// <summary>The network that evaluates a branch in place of the sampler's own; null for that one.</summary>
    public IDenoiser? NetworkOf(int branch) => _networks.GetValueOrDefault(branch);

    /// <summary>What plain guidance would evaluate in the step, the conditional branch first.</summary>
    public IReadOnlyList<int> Asked(StepInfo step)
    {
        var combined = _combiner?.Branches(step) ?? ConditionAlone;
        return _terms.Length == 0 ? combined : [.. combined.Concat(_terms.SelectMany(t => t.Branches(step))).Distinct()];
    }

    /// <summary>Those of <see cref="Asked"/> that lie in every window.</summary>
    public IReadOnlyList<int> Wanted(StepInfo step, IReadOnlyList<int> asked) =>
        _windows.Length == 0 ? asked : [.. asked.Where(b => b == Branch.Conditional || Array.TrueForAll(_windows, w => w.Includes(step, b)))];

    /// <summary>The one prediction that the branches make.</summary>
    /// <param name="step">The step.</param>
    /// <param name="outputs">What the branches gave.</param>
    /// <param name="check">Told each answer, and whose it is.</param>
    public Value Combine(StepInfo step, BranchOutputs outputs, Action<Value, object> check)
    {
        var combined = new Value(outputs[Branch.Conditional]);
        if (_combiner is not null)
        {
            outputs.Combined = _combiner.Branches(step);
            combined = _combiner.Combine(step, outputs);
            check(combined, _combiner);
        }

        foreach (var term in _terms)
        {
            combined = term.Apply(step, combined, outputs);
            check(combined, term);
        }

        return combined;
    }
}
