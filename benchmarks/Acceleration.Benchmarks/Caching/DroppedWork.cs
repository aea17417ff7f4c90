using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// Leaves out what a cache skipped in a run and puts next to nothing in its place: no decision, no memory, no approximation. What such a request takes is what the rest of the network takes, its elementwise work and its operator calls
/// included, which multiply-adds do not count: the bound for a cache that skips the same. Its pictures are none.
/// </summary>
internal sealed class DroppedWork : IStrategy
{
    private readonly IReadOnlyList<Cached> _parts;
    private readonly Dictionary<(int Step, string Site), HashSet<int>>? _skipped;

    /// <param name="part">A cache that skips whatever its schedule says, from the first step that is skipped on.</param>
    public DroppedWork(Cached part) => _parts = [part];

    /// <param name="parts">The places.</param>
    /// <param name="run">What the cache did there.</param>
    public DroppedWork(IReadOnlyList<Cached> parts, Trace run)
    {
        (_parts, _skipped) = (parts, []);
        foreach (var (step, d) in run.Steps.SelectMany((s, i) => s.Decisions.Select(d => (i, d))))
        {
            // The last word counts: a sample that was to be skipped may have had nothing to be made from.
            var samples = _skipped.TryGetValue((step, d.Site), out var known) ? known : _skipped[(step, d.Site)] = [];
            _ = d.Skip ? samples.Add(d.Sample) : samples.Remove(d.Sample);
        }
    }

    public string Tag => "dropped";

    public Requirements Needs => new() { Sites = [.. _parts.Select(p => new SiteClaim(p.Where, HookPhase.Cache))] };

    /// <summary>The same work left out, or null where a method chooses guidance branches or decides elsewhere than where it skips.</summary>
    public static DroppedWork? Of(IStrategy strategy, Trace run)
    {
        IReadOnlyList<Cached> parts = strategy switch
        {
            CacheMethod method => method.Parts,
            Cached cached => [cached],
            _ => [],
        };
        return parts.Count == 0 || parts.Any(p => p.Where.Tag.StartsWith(Where.Correction.Tag, StringComparison.Ordinal)) ? null : new(parts, run);
    }

    public IRun Begin(RunInfo info, RunStore store) => new Dropping(this);

    private int[] Computed(in SiteCall call)
    {
        if (_skipped is null)
        {
            return ((StaticWhen)_parts[0].When).Skips(call.Step, call.Site) ? [] : [.. Enumerable.Range(0, call.Rows.Count)];
        }

        return _skipped.TryGetValue((call.Step.Index, call.Site.Path), out var skipped) && skipped.Count > 0
            ? call.Rows.Positions(r => !skipped.Contains(r.Sample))
            : [.. Enumerable.Range(0, call.Rows.Count)];
    }

    private sealed class Dropping(DroppedWork work) : Run, ISiteHook, IChainHook
    {
        private Tensor? _last;

        public Value Invoke(in SiteCall call, Value input, SiteNext next)
        {
            var (rows, computed) = (call.Rows, work.Computed(call));
            if (computed.Length == rows.Count)
            {
                return Noted(call, next.Invoke(input));
            }

            if (computed.Length == 0)
            {
                return _last is { } last && !call.Site.Traits.HasFlag(SiteTraits.ShapePreserving) && call.Site.Kind == SiteKind.Network ? last.alias() : next.Drop(input);
            }

            int[] others = [.. Enumerable.Range(0, rows.Count).Except(computed)];
            return Merged(rows, computed, next.InvokeRows(input, computed), others, next.DropRows(input, others));
        }

        public Value Invoke(in SiteCall call, Value input, RangeNext next)
        {
            var (rows, computed, site) = (call.Rows, work.Computed(call), call.Site);
            var ranges = computed.Length == rows.Count ? [] : work._parts.First(p => p.Where.Matches(site)).Range.At(call.Step, next.Count);
            var (value, done) = (input, 0);
            foreach (var range in ranges)
            {
                value = next.Invoke(value, done, range.From);
                if (computed.Length > 0)
                {
                    int[] others = [.. Enumerable.Range(0, rows.Count).Except(computed)];
                    value = Merged(rows, computed, next.InvokeRows(value, computed, range.From, range.To), others, rows.Take(value, others));
                }

                done = range.To;
            }

            return next.Invoke(value, done, next.Count);
        }

        public override void Dispose() => _last?.Dispose();

        /// <summary>Networks that learn variances have an output of another shape than their input: the last one stands in for it.</summary>
        private Value Noted(in SiteCall call, Value output)
        {
            if (call.Site.Kind == SiteKind.Network && !call.Site.Traits.HasFlag(SiteTraits.ShapePreserving))
            {
                _last?.Dispose();
                _last = output.Main.alias().DetachFromDisposeScope();
            }

            return output;
        }

        private static Value Merged(RowSet rows, int[] first, Value a, int[] second, Value b)
        {
            var order = rows.At([.. first, .. second]);
            return order.Take(Value.Concat([a, b]), [.. rows.Select(order.IndexOf)]);
        }
    }
}
