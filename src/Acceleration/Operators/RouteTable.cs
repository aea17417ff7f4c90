using System.Collections.ObjectModel;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The routes one operator has chosen so far. Route 0 is the default.</summary>
internal sealed class RouteTable(string operatorName, string[] routes)
{
    private const int Unpinned = -1;

    // More classes than any network has; a file is not to fill the memory.
    private const int MostHints = 4096;

    // One probe at a time in the process: two would disturb each other's times.
    private static readonly Lock Probing = new();

    private readonly List<(ulong Class, RouteChoice Choice)> _choices = [];
    private readonly Dictionary<ulong, int> _hints = [];

    // Replaced, never changed, so that readers need no lock.
    private Dictionary<ulong, int> _known = [];
    private volatile int _pinned = Unpinned;

    /// <summary>The route every call takes, or null where it is measured.</summary>
    public int? Pinned
    {
        get => _pinned == Unpinned ? null : _pinned;
        set
        {
            if (value is { } route && (uint)route >= (uint)routes.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The {operatorName} has the routes {string.Join(", ", routes)}.");
            }

            _pinned = value ?? Unpinned;
        }
    }

    /// <summary>The size class of a dimension: its binary order of magnitude, at most <paramref name="highest"/>.</summary>
    public static ulong Bucket(long size, int highest) => (ulong)Math.Min(highest, System.Numerics.BitOperations.Log2((ulong)size));

    /// <summary>The route of a class, if it is pinned or was measured.</summary>
    public bool TryGet(ulong shapeClass, out int route)
    {
        route = _pinned;
        return route != Unpinned || Volatile.Read(ref _known).TryGetValue(shapeClass, out route);
    }

    /// <summary>Measures a class unless another thread just has. <paramref name="prepare"/> makes the inputs and the route to try.</summary>
    public int Measure(ulong shapeClass, string description, Func<(int Route, Func<Tensor> Run)[]> prepare)
    {
        lock (Probing)
        {
            if (_known.TryGetValue(shapeClass, out var known))
            {
                return known;
            }

            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var forms = prepare();
            if (_hints.TryGetValue(shapeClass, out var hint) && Array.Find(forms, f => f.Route == hint) is { Run: { } run } && RouteProbe.Runs(run))
            {
                Choose(shapeClass, description, hint, ReadOnlyDictionary<string, double>.Empty);
                return hint;
            }

            var probe = RouteProbe.Run([.. forms.Select(form => form.Run)]);
            var route = forms[probe.Winner].Route;
            var times = forms.Select((form, i) => (routes[form.Route], probe.Milliseconds[i])).Where(time => double.IsFinite(time.Item2));
            Choose(shapeClass, description, route, new ReadOnlyDictionary<string, double>(times.ToDictionary(t => t.Item1, t => t.Item2)));
            return route;
        }
    }

    /// <summary>
    /// What another process measured is taken here, instead of a measurement, where a class is met for the first time and its route runs on this machine. Names of other operators or routes are left alone.
    /// </summary>
    public void Adopt(IEnumerable<SavedRoute> measured)
    {
        lock (Probing)
        {
            foreach (var saved in measured.Where(m => m.Operator == operatorName))
            {
                var route = Array.IndexOf(routes, saved.Route);
                if (route >= 0 && _hints.Count < MostHints)
                {
                    _hints[saved.Class] = route;
                }
            }
        }
    }

    /// <summary>What was measured.</summary>
    public SavedRoute[] Save()
    {
        lock (Probing)
        {
            return [.. _choices.Select(c => new SavedRoute(operatorName, c.Class, c.Choice.Route))];
        }
    }

    public void Forget()
    {
        lock (Probing)
        {
            _choices.Clear();
            _hints.Clear();
            Volatile.Write(ref _known, []);
        }
    }

    private void Choose(ulong shapeClass, string description, int route, IReadOnlyDictionary<string, double> milliseconds)
    {
        _choices.Add((shapeClass, new(operatorName, description, routes[route], milliseconds)));
        Volatile.Write(ref _known, new(_known) { [shapeClass] = route });
    }

    public RouteChoice[] Describe()
    {
        lock (Probing)
        {
            return Pinned is { } route
                ? [new(operatorName, "every shape", routes[route], ReadOnlyDictionary<string, double>.Empty), .. _choices.Select(c => c.Choice)]
                : [.. _choices.Select(c => c.Choice)];
        }
    }
}
