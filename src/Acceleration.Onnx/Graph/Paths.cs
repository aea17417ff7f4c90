namespace Acceleration.Onnx;

/// <summary>
/// Numbers of paths between values of the stream, by two large moduli. All paths from a to b lead through v exactly where paths(a, v) · paths(v, b) = paths(a, b): what a compiler finds as a dominator, here with a question for
/// pairs as well, and independent of the order in which a file has its nodes.
/// </summary>
internal sealed class Paths
{
    private const ulong P = 2305843009213693951;
    private const ulong Q = 1152921504606846883;
    private readonly GraphIndex _graph;
    private readonly Dictionary<string, Dictionary<string, Count>> _from = [];

    public Paths(GraphIndex graph) => _graph = graph;

    /// <summary>Paths from one value to another; 1 from a value to itself.</summary>
    public Count Between(string from, string to) => From(from).GetValueOrDefault(to);

    /// <summary>Whether all paths between two values, of which there is one at least, lead through one of these.</summary>
    public bool AllLeadThrough(string from, string to, string value) => Between(from, to) is { IsNone: false } all && (Between(from, value) * Between(value, to)) == all;

    /// <summary>Whether all paths lead through one or the other of two values, or both.</summary>
    public bool AllLeadThrough(string from, string to, string a, string b)
    {
        var all = Between(from, to);
        var (throughA, throughB) = (Between(from, a) * Between(a, to), Between(from, b) * Between(b, to));
        var both = (Between(from, a) * Between(a, b) * Between(b, to)) + (Between(from, b) * Between(b, a) * Between(a, to));
        return !all.IsNone && !throughA.IsNone && !throughB.IsNone && (throughA + throughB) == (all + both);
    }

    private Dictionary<string, Count> From(string value)
    {
        if (_from.TryGetValue(value, out var known))
        {
            return known;
        }

        var counts = new Dictionary<string, Count> { [value] = new(1, 1) };
        var start = _graph.Writer(value)?.Index ?? -1;
        foreach (var node in _graph.Nodes.Skip(start + 1).Where(n => !n.ReadsSizes))
        {
            var sum = default(Count);
            foreach (var read in node.Reads)
            {
                sum += counts.GetValueOrDefault(read);
            }

            if (!sum.IsNone)
            {
                foreach (var name in node.Writes)
                {
                    counts[name] = sum;
                }
            }
        }

        return _from[value] = counts;
    }

    internal readonly record struct Count(ulong ByP, ulong ByQ)
    {
        public bool IsNone => ByP == 0 && ByQ == 0;

        public static Count operator +(Count a, Count b) => new((a.ByP + b.ByP) % P, (a.ByQ + b.ByQ) % Q);

        public static Count operator *(Count a, Count b) => new((ulong)((UInt128)a.ByP * b.ByP % P), (ulong)((UInt128)a.ByQ * b.ByQ % Q));
    }
}
