namespace Acceleration.Tests.Models;

/// <summary>Evaluations of a network with one hook, as a sampler would make them.</summary>
internal static class HookedEvaluation
{
    /// <summary>An evaluation of samples 0..rows-1 in which <paramref name="run"/> has the claims of <paramref name="needs"/>.</summary>
    public static Evaluation Of(DenoiserInfo info, int rows, IRun run, Requirements needs, out StepTrace trace, Conditioning? condition = null)
    {
        var grid = Schedule.Through("one step", [new(500, 1, 1), new(0, 1, 0)]);
        var step = new StepInfo(0, 0, 0, grid, grid.Points[0]);
        trace = new() { Step = step };
        var hooks = HookTable.Build(info.Sites, [(new Claims(needs), run)]);
        return new(new(hooks, step, trace, [], CancellationToken.None), RowSet.Of(rows, Branch.Conditional), null, condition is null ? 0 : info.TextTokens(condition));
    }

    /// <summary>The claim of one phase of some sites.</summary>
    public static Requirements Claim(Where where, HookPhase phase = HookPhase.Cache) => new() { Sites = [new(where, phase)] };

    private sealed record Claims(Requirements Needs) : IStrategy
    {
        public string Tag => "hook under test";

        public IRun Begin(RunInfo info, RunStore store) => throw new NotSupportedException("The run is made by the test.");
    }
}

/// <summary>Runs a function at every site it claims.</summary>
internal sealed class SiteProbe(Func<SiteCall, Value, SiteNext, Value> invoke) : Run, ISiteHook
{
    public int Calls { get; private set; }

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        Calls++;
        return invoke(call, input, next);
    }
}

/// <summary>Runs a function at every chain it claims.</summary>
internal sealed class ChainProbe(Func<SiteCall, Value, RangeNext, Value> invoke) : Run, IChainHook
{
    public Value Invoke(in SiteCall call, Value input, RangeNext next) => invoke(call, input, next);
}
