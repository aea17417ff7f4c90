using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Hands the values of one request's sites to statistics, or only counts the bytes that they would take.</summary>
internal sealed class RecorderRun(SitePlan plan, RunInfo run, bool counts) : Run, ISiteHook, IChainHook
{
    private readonly Dictionary<(int Site, RowSet Rows), SiteHistory> _histories = [];
    private readonly Dictionary<(int Statistic, RowId Row), ITrajectory?> _trajectories = [];

    private readonly int _steps = run.Stages[0].Steps;

    /// <summary>Bytes of what stays at hand, counted in the first step.</summary>
    public long Bytes { get; private set; }

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        var output = next.Invoke(input);
        See(call, input, output);
        return output;
    }

    public Value Invoke(in SiteCall call, Value input, RangeNext next)
    {
        var output = next.Invoke(input, 0, next.Count);
        See(call, input, output);
        return output;
    }

    /// <summary>The run is over: all trajectories are whole.</summary>
    public void Complete()
    {
        foreach (var trajectory in _trajectories.Values)
        {
            trajectory?.Complete();
        }
    }

    private void See(in SiteCall call, Value input, Value output)
    {
        // Solvers of several calls per step are recorded at the first one, where the step stands.
        if (call.Step.Call > 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var site = plan[call.Site];
        var wanted = Wanted(call, site, input, output);
        if (counts)
        {
            Bytes += wanted.Sum(w => w.Value.numel()) * sizeof(float) * site.Kept(_steps);
            return;
        }

        var history = HistoryOf(call, site);
        foreach (var (name, value) in wanted)
        {
            history.Add(name, call.Read(value));
        }

        history.EndStep(site.Output || site.Input ? (site.Output ? output : input).Main.shape[^1] : wanted[0].Value.shape[^1]);
        Tell(call, site, history);
    }

    private static List<(string Name, Tensor Value)> Wanted(in SiteCall call, SitePlan.Place site, Value input, Value output)
    {
        var wanted = new List<(string, Tensor)>();
        if (site.Output)
        {
            var (given, made) = (input.Main, output.Main);
            wanted.Add((SiteHistory.Outputs, call.Site.Kind == SiteKind.Network && made.size(1) > given.size(1) ? made.narrow(1, 0, given.size(1)) : Streams(call, site, output)));
        }

        if (site.Input)
        {
            wanted.Add((SiteHistory.Inputs, Streams(call, site, input)));
        }

        foreach (var signal in site.Signals)
        {
            wanted.Add((SiteHistory.Name(signal), call.Signal(signal) ?? throw new InvalidOperationException($"The network has not published its {signal} before {call.Site}.")));
        }

        return wanted;
    }

    /// <summary>Both streams of each row, one behind the other, where both are wanted and there.</summary>
    private static Tensor Streams(in SiteCall call, SitePlan.Place site, Value value) =>
        site.Text && value.Text is { } text ? cat([value.Main.reshape(call.Rows.Count, -1), text.reshape(call.Rows.Count, -1)], 1) : value.Main;

    private SiteHistory HistoryOf(in SiteCall call, SitePlan.Place site)
    {
        var (key, step) = ((call.Site.Index, call.Rows), call.Step.Index);
        if (!_histories.TryGetValue(key, out var history) && step == 0)
        {
            _histories[key] = history = new(call.Site, call.Rows, site.Kept(_steps));
        }

        return history is not null && history.Steps == step
            ? history
            : throw new InvalidOperationException($"{call.Site} is not evaluated once in every step for the rows {PlanException.Shorten(call.Rows.ToString())}: record a sampler that evaluates the same guidance branches in all steps.");
    }

    private void Tell(in SiteCall call, SitePlan.Place site, SiteHistory history)
    {
        foreach (var (statistic, place) in site.Statistics)
        {
            for (var row = 0; row < call.Rows.Count; row++)
            {
                var key = (statistic, call.Rows[row]);
                if (!_trajectories.TryGetValue(key, out var trajectory))
                {
                    _trajectories[key] = trajectory = plan.Statistics[statistic].Begin(run, call.Rows[row]);
                }

                trajectory?.See(new(history, place, row, call.Step));
            }
        }
    }
}
