using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The network under check and what it returns when nobody interferes.</summary>
internal sealed class CheckedNetwork(IDenoiser network, CheckInputs inputs)
{
    private static readonly Schedule Grid = Schedule.Through("one step", [new(500, 1, 1), new(0, 1, 0)]);

    /// <summary>Output of a call without hooks, [rows, ...].</summary>
    public required Tensor Plain { get; init; }

    /// <summary>Whether a second call said the same; what others say is comparable only then.</summary>
    public required bool Repeats { get; init; }

    public DenoiserInfo Info => network.Info;

    public SiteMap Map => network.Info.Sites;

    /// <summary>The sites that the network itself raises.</summary>
    public IEnumerable<Site> Sites => Map.All.Where(s => s.Kind is not (SiteKind.Prediction or SiteKind.Network));

    /// <summary>Multiply-adds of a call in which nothing is skipped.</summary>
    public double Full => inputs.Rows.Count * network.Info.MultiplyAdds(inputs.Size, inputs.Condition);

    /// <summary>A check's call with one run at some sites.</summary>
    /// <returns>Its tensors belong to the caller's dispose scope.</returns>
    public CheckedCall Call(IRun run, IEnumerable<Site> sites, HookPhase phase)
    {
        var claims = new Claims(new() { Sites = [.. sites.Select(s => new SiteClaim(Where.Path(s.Path), phase))] });
        return Call(network, inputs, HookTable.Build(Map, [(claims, run)], @unchecked: true), Full);
    }

    /// <summary>Compares what a call with hooks returned with the plain output.</summary>
    public void Compare(FindingList findings, Site site, string tried, Tensor output, string hint)
    {
        if (Repeats)
        {
            findings.Compare(site, tried, output, Plain, hint);
        }
    }

    /// <summary>A call without hooks.</summary>
    public static CheckedCall Call(IDenoiser network, CheckInputs inputs) => Call(network, inputs, HookTable.Empty, 0);

    private static CheckedCall Call(IDenoiser network, CheckInputs inputs, HookTable hooks, double full)
    {
        var step = new StepInfo(0, 0, 0, Grid, Grid.Points[0]);
        var context = new CallContext(hooks, step, new() { Step = step, MultiplyAdds = full }, [], CancellationToken.None);
        try
        {
            var evaluation = new Evaluation(context, inputs.Rows, network.Info.Layout(inputs.Size), network.Info.TextTokens(inputs.Condition));
            return new(network.Predict(inputs.Latents, inputs.Times, inputs.Condition, evaluation), context.Trace.MultiplyAdds, null, context.Current);
        }
        catch (Exception error)
        {
            return new(null, context.Trace.MultiplyAdds, error, context.Current);
        }
    }

    private sealed record Claims(Requirements Needs) : IStrategy
    {
        public string Tag => nameof(NetworkCheck);

        public IRun Begin(RunInfo info, RunStore store) => throw new NotSupportedException("A check makes its runs itself.");
    }
}
