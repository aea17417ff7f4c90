using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What all evaluations of one network call share.</summary>
internal sealed class CallContext(HookTable hooks, StepInfo step, StepTrace trace, IReadOnlyList<RunStore> stores, CancellationToken cancellation, FiniteWatch? watch = null)
{
    private Dictionary<Signal, (Tensor Value, Evaluation At)>? _signals;

    public HookTable Hooks => hooks;

    public StepInfo Step => step;

    public StepTrace Trace => trace;

    public IReadOnlyList<RunStore> Stores => stores;

    public CancellationToken Cancellation => cancellation;

    public FiniteWatch? Watch => watch;

    /// <summary>The innermost site being run; after an exception, the one it came from.</summary>
    public Site? Current { get; set; }

    /// <summary>The latents in x = α·x0 + σ·ε, of all samples; null for a network that is called directly.</summary>
    public Tensor? Unscaled { get; set; }

    public Dictionary<Signal, (Tensor Value, Evaluation At)> Signals => _signals ??= [];

    /// <summary>Reads values back for a strategy: one synchronisation, which also fetches what is waiting to be looked at.</summary>
    public float[] Read(Tensor values)
    {
        trace.HostReads++;
        return watch is null ? HostReads.Floats(values) : watch.ReadWith(values);
    }

    public static CallContext Plain()
    {
        var grid = Schedule.Through("plain", [new(0, 1, 0), new(0, 1, 0)]);
        var step = new StepInfo(0, 0, 0, grid, grid.Points[0]);
        return new(HookTable.Empty, step, new() { Step = step }, [], CancellationToken.None);
    }
}
