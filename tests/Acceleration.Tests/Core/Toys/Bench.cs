namespace Acceleration.Tests.Toys;

/// <summary>One network call outside a sampler, with strategies, for raising sites by hand.</summary>
internal sealed class Bench : IDisposable
{
    private readonly RunStore[] _stores;

    public Bench(SiteMap sites, RowSet rows, TokenLayout? layout, params IStrategy[] strategies)
    {
        var grid = FlowSchedule.FromSigmas([1, 0.5]);
        Step = new(0, 0, 0, grid, grid.Points[0]);
        Trace = new() { Step = Step };
        _stores = [.. strategies.Select(_ => new RunStore())];
        var info = new RunInfo(Toy.Info("bench", sites: sites), "flow-euler", [grid], 1);
        Runs = [.. strategies.Select((s, i) => s.Begin(info, _stores[i]))];
        Root = new(new CallContext(HookTable.Build(sites, strategies.Zip(Runs), @unchecked: true), Step, Trace, _stores, CancellationToken.None), rows, layout);
    }

    public StepInfo Step { get; }

    public StepTrace Trace { get; }

    public Evaluation Root { get; }

    public IReadOnlyList<IRun> Runs { get; }

    public IReadOnlyList<RunStore> Stores => _stores;

    public void Dispose() => Array.ForEach(_stores, s => s.Dispose());
}
