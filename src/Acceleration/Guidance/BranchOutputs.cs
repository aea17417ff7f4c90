using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What the branches of a step gave, each for some samples, with the latents they saw.</summary>
public sealed class BranchOutputs
{
    private readonly Dictionary<int, (IReadOnlyList<int> Samples, Tensor Output)> _branches = [];
    private readonly HashSet<RowId> _computed = [];
    private readonly StepTrace _trace;

    internal BranchOutputs(IReadOnlyList<int> samples, DenoiserInfo network, Tensor x, GridPoint at, StepTrace trace)
    {
        (Samples, Network, X, At, _trace) = (samples, network, x, at, trace);
    }

    /// <summary>All samples of this prediction, ascending; rows of <see cref="X"/>.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>The network: what its outputs mean.</summary>
    public DenoiserInfo Network { get; }

    /// <summary>Unscaled latents, [samples, channels, ...].</summary>
    public Tensor X { get; }

    /// <summary>Noise level of <see cref="X"/>.</summary>
    public GridPoint At { get; }

    /// <summary>The samples a branch has an output for; empty where it has none.</summary>
    public IReadOnlyList<int> SamplesOf(int branch) => _branches.TryGetValue(branch, out var b) ? b.Samples : [];

    /// <summary>A branch's output, [samples of the branch, channels, ...].</summary>
    /// <exception cref="KeyNotFoundException">The branch has none.</exception>
    public Tensor this[int branch] => _branches.TryGetValue(branch, out var b)
        ? b.Output
        : throw new KeyNotFoundException($"Branch '{Branch.Name(branch)}' was not evaluated in this step.");

    /// <summary>A branch's output for some of its samples.</summary>
    public Tensor For(int branch, IReadOnlyList<int> samples)
    {
        var (has, output) = _branches[branch];
        return Pick(has, output, samples);
    }

    /// <summary>The latents of some samples.</summary>
    public Tensor XFor(IReadOnlyList<int> samples) => Pick(Samples, X, samples);

    /// <summary>Whether the network was really run for this row: false for reused, forecast or estimated outputs.</summary>
    public bool IsReal(int sample, int branch) => _computed.Contains(new(sample, branch));

    /// <summary>Writes a decision into the trace.</summary>
    public void Record(Decision decision) => _trace.Add(decision);

    /// <summary>Reads values back from the device, counted as a synchronisation.</summary>
    public float[] Read(Tensor values) => HostReads.Floats(values, _trace);

    internal void Add(int branch, IReadOnlyList<int> samples, Tensor output)
    {
        if (_branches.TryGetValue(branch, out var b))
        {
            _branches[branch] = ([.. b.Samples, .. samples], cat([b.Output, output], 0));
        }
        else
        {
            _branches[branch] = (samples, output);
        }
    }

    internal void MarkReal(RowId row) => _computed.Add(row);

    private static Tensor Pick(IReadOnlyList<int> has, Tensor output, IReadOnlyList<int> samples)
    {
        if (has.SequenceEqual(samples))
        {
            return output;
        }

        var rows = new RowSet([.. has.Select(s => new RowId(s, 0))]);
        return rows.Take(output, [.. samples.Select(s => rows.IndexOf(new(s, 0)))]);
    }
}
