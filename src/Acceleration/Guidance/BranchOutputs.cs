using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What the branches of a step gave, each for some samples, with the latents they saw.</summary>
public sealed class BranchOutputs
{
    private readonly Dictionary<int, (IReadOnlyList<int> Samples, Tensor Output)> _branches = [];
    private readonly HashSet<RowId> _computed = [];
    private readonly CallContext _call;

    internal BranchOutputs(IReadOnlyList<int> samples, DenoiserInfo network, Tensor x, GridPoint at, CallContext call, Tensor? input = null)
    {
        (Samples, Network, X, At, _call, Input) = (samples, network, x, at, call, input ?? x);
    }

    /// <summary>All samples of this prediction, ascending; rows of <see cref="X"/>.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>The network: what its outputs mean.</summary>
    public DenoiserInfo Network { get; }

    /// <summary>Unscaled latents, [samples, channels, ...].</summary>
    public Tensor X { get; }

    /// <summary>Noise level of <see cref="X"/>.</summary>
    public GridPoint At { get; }

    /// <summary>The branches that have an output, ascending.</summary>
    internal IEnumerable<int> Branches => _branches.Keys.Order();

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

    /// <summary>Whether the combiner had all its branches for a sample, the condition's and another: where it had not, its prediction is the condition's. Estimated outputs count.</summary>
    public bool IsGuided(int sample) => Combined.Count > 1 && Combined.All(b => SamplesOf(b).Contains(sample));

    /// <summary>Writes a decision into the trace.</summary>
    public void Record(Decision decision) => _call.Trace.Add(decision);

    /// <summary>Reads values back from the device, counted as a synchronisation.</summary>
    public float[] Read(Tensor values) => _call.Read(values);

    /// <summary>What the network is given, in its scaling, [samples, channels, ...].</summary>
    internal Tensor Input { get; }

    /// <summary>What the network is given for some samples.</summary>
    internal Tensor InputFor(IReadOnlyList<int> samples) => Pick(Samples, Input, samples);

    /// <summary>The correction as decisions and approximations meet it.</summary>
    internal SiteCall Correction(RowSet rows) => new(Network.Sites.Correction, new(_call, rows, null));

    /// <summary>Branches that the combiner asked for.</summary>
    internal IReadOnlyList<int> Combined { get; set; } = [];

    /// <summary>Whether a sample has the output of a branch beyond this one and those of the combiner.</summary>
    internal bool HasOtherBranch(int sample, int branch) => _branches.Any(b => b.Key != branch && b.Key != Branch.Conditional && !Combined.Contains(b.Key) && b.Value.Samples.Contains(sample));

    /// <summary>Rows of a tensor of all samples.</summary>
    internal Tensor Among(Tensor all, IReadOnlyList<int> samples) => Pick(Samples, all, samples);

    /// <summary>One tensor of all samples, from parts of some each that are all together.</summary>
    internal Tensor Join(IReadOnlyList<(int[] Samples, Tensor Value)> parts) =>
        Pick([.. parts.SelectMany(p => p.Samples)], parts.Count == 1 ? parts[0].Value : cat([.. parts.Select(p => p.Value)], 0), Samples);

    internal void Add(int branch, IReadOnlyList<int> samples, Tensor output)
    {
        if (_branches.TryGetValue(branch, out var b))
        {
            // In the order of all samples, whatever was estimated.
            int[] known = [.. b.Samples, .. samples], ordered = [.. known.Order()];
            _branches[branch] = (ordered, Pick(known, cat([b.Output, output], 0), ordered));
        }
        else
        {
            _branches[branch] = (samples, output);
        }
    }

    /// <summary>Lets the outputs of some samples stand for another branch, which has none for them.</summary>
    internal void Move(int from, int to, IReadOnlyList<int> samples)
    {
        var moved = For(from, samples);
        var (has, output) = _branches[from];
        int[] rest = [.. has.Except(samples)];
        if (rest.Length == 0)
        {
            _branches.Remove(from);
        }
        else
        {
            _branches[from] = (rest, Pick(has, output, rest));
        }

        Add(to, samples, moved);
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
