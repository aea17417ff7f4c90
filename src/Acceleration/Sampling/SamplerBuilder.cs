namespace Acceleration;

/// <summary>Describes a sampler step by step; <see cref="Build"/> checks the whole once.</summary>
public sealed partial class SamplerBuilder
{
    private readonly IDenoiser _denoiser;
    private readonly List<IStrategy> _strategies = [];
    private ISolver? _solver;
    private IReadOnlyList<Stage> _stages = [];
    private SampleClip? _clip;
    private IGrid? _grid;
    private IStaging? _staging;
    private Calibration? _calibration;
    private AccelerationPlan? _applied;
    private bool _forced;
    private bool _separateBranches;
    private NonFinite _nonFinite;
    private long? _cacheBudget;

    internal SamplerBuilder(IDenoiser denoiser)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        RequireOwnSize(denoiser.Info);
        _denoiser = denoiser;
    }

    internal bool? DefersFiniteChecks { get; set; }

    /// <summary>The network the sampler is built for: its training schedule and size.</summary>
    public DenoiserInfo Network => _denoiser.Info;

    /// <summary>Solves on the noise levels of <paramref name="grid"/>.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="grid">Noise levels, from noisy to clean.</param>
    /// <param name="clip">Bounds on predicted clean samples; null for none.</param>
    public SamplerBuilder Solve(ISolver solver, Schedule grid, SampleClip? clip = null) => Solve(solver, [new Stage(null, grid)], clip);

    /// <summary>Solves in stages of different resolution.</summary>
    public SamplerBuilder Solve(ISolver solver, IReadOnlyList<Stage> stages, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(solver);
        if (stages is not { Count: > 0 })
        {
            throw new ArgumentException("A sampler needs at least one stage.", nameof(stages));
        }

        (_solver, _stages, _clip, _grid, _staging) = (solver, stages, clip, null, null);
        return this;
    }

    /// <summary>Solves on the noise levels that a description gives on this network; a plan can hold it.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="grid">Describes the noise levels.</param>
    /// <param name="clip">Bounds on predicted clean samples; null for none.</param>
    public SamplerBuilder Solve(ISolver solver, IGrid grid, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        Solve(solver, grid.On(Network), clip);
        _grid = grid;
        return this;
    }

    /// <summary>Solves in described stages of different resolution; a plan can hold them.</summary>
    /// <param name="staging">Describes the stages.</param>
    /// <param name="solver">The solver; null for the one the stages were published with.</param>
    /// <param name="clip">Bounds on predicted clean samples; null for none.</param>
    public SamplerBuilder Solve(IStaging staging, ISolver? solver = null, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(staging);
        Solve(solver ?? staging.UsualSolver(Network), staging.On(Network), clip);
        _staging = staging;
        return this;
    }

    /// <summary>Adds a strategy.</summary>
    public SamplerBuilder Use(IStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        _strategies.Add(strategy);
        return this;
    }

    /// <summary>Classifier-free guidance u + s·(c − u).</summary>
    /// <param name="scale">Guidance scale s; 1 evaluates the condition alone.</param>
    public SamplerBuilder Guidance(double scale) => Use(new ClassifierFreeGuidance(scale));

    /// <summary>Evaluates guidance branches in calls of their own instead of one batch: less memory, the same result.</summary>
    public SamplerBuilder SeparateBranches()
    {
        _separateBranches = true;
        return this;
    }

    /// <summary>Chooses what happens when a prediction holds NaN or infinity; <see cref="NonFinite.Throw"/> unless another is chosen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No member of the enumeration.</exception>
    public SamplerBuilder OnNonFinite(NonFinite choice)
    {
        _nonFinite = Enum.IsDefined(choice) ? choice : throw new ArgumentOutOfRangeException(nameof(choice), choice, $"Choose {string.Join(", ", Enum.GetNames<NonFinite>())}.");
        return this;
    }

    /// <summary>
    /// Bounds what the strategies of one request remember together. Where it has no room for what is new, what was used longest ago is given back, with all that its rows remember under the same name, and nothing
    /// that was used in the same step; where that is not enough, the new is not remembered. What is missing is computed: less is skipped, and what is skipped is made as without a bound.
    /// </summary>
    /// <param name="bytes">Most bytes held at any moment, at least 0; 0 remembers nothing. Tensors that a step computes with are not counted, nor what a <see cref="StateMark"/> keeps for a roll-back.</param>
    /// <remarks>It is a matter of the machine, not of the method: plans do not hold it, and tags do not tell it.</remarks>
    public SamplerBuilder CacheBudget(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _cacheBudget = bytes;
        return this;
    }

    private static IEnumerable<int> BranchesOf(Requirements needs) =>
        [.. needs is { CombinesBranches: true, UnconditionalBranch: true } ? [Branch.Unconditional] : Array.Empty<int>(), .. needs.OwnBranches, .. Enumerable.Range(0, needs.OtherConditions).Select(Branch.Other)];

    private static void RequireOwnSize(DenoiserInfo network)
    {
        // Frames have a multiple of their own.
        if (network.SampleSize.Skip(network.SampleSize.Count > 3 ? 2 : 1).Any(s => s < network.SizeMultiple || s % network.SizeMultiple != 0))
        {
            throw new ArgumentException(
                $"{network.Name} contradicts itself: its {nameof(DenoiserInfo.SampleSize)} is [{string.Join(", ", network.SampleSize)}], and its sides must be multiples of {network.SizeMultiple} ({nameof(DenoiserInfo.SizeMultiple)}, by default its {nameof(DenoiserInfo.Patch)}).", nameof(network));
        }
    }

    /// <summary>The sampler with one strategy more than the builder has.</summary>
    internal Sampler BuildWith(IStrategy strategy)
    {
        _strategies.Add(strategy);
        try
        {
            return Build();
        }
        finally
        {
            _strategies.RemoveAt(_strategies.Count - 1);
        }
    }

    /// <summary>Checks the whole and freezes it.</summary>
    /// <exception cref="StrategyConflictException">Two strategies cannot work together, or one cannot work on this network; the message names them and the reason.</exception>
    /// <exception cref="CalibrationException">A plan was made for another network, solver or number of steps.</exception>
    /// <exception cref="ArgumentException">Stages have more steps together than <see cref="Schedule.MostSteps"/>, a size that the network cannot take, or noise levels that the solver cannot follow.</exception>
    /// <exception cref="InvalidOperationException">No solver, or no noise levels, were chosen, or the solver cannot work with this network or takes no bounds on clean samples, or the noise levels are told in another clock than it reads (<see cref="DenoiserInfo.Clock"/>).</exception>
    public Sampler Build()
    {
        if (_solver is null)
        {
            throw new InvalidOperationException("Choose a solver first, for example .Ddim(steps: 50) or .FlowEuler(steps: 25).");
        }

        if (_stages.Count == 0)
        {
            throw new InvalidOperationException($"The plan names {_solver.Name} and leaves the noise levels open: choose them, for example with .Ddim(steps: 50), before the plan is applied.");
        }

        if (_solver.RefuseNetwork(Network) is { } lacking)
        {
            throw new InvalidOperationException($"{_solver.Name} cannot be used: {lacking}");
        }

        if (_clip is not null && _solver.RefuseClip() is { } unbounded)
        {
            throw new InvalidOperationException($"{_solver.Name} takes no bounds on clean samples: {unbounded}");
        }

        var executed = _stages.Select(s => s.Executed()).ToArray();
        Stage.RequireSteps(executed.Select(e => e.Steps), "stages");
        if (executed.Select(g => _solver.Refuse(g)).FirstOrDefault(r => r is not null) is { } why)
        {
            throw new ArgumentException($"The solver {_solver.Name} cannot follow the schedule: {why}");
        }

        ClockCheck.Require(Network, _solver, executed);

        // What a stage makes of a request's size is checked with the request, unless there is only one size to ask for.
        foreach (var stage in _stages.Where(s => s.Size is not null || Network.IsFixedSize))
        {
            Network.RequireSize(stage.SizeFor(Network.SampleSize, Network));
        }

        var combiner = _strategies.Select(s => s.Needs).FirstOrDefault(n => n.CombinesBranches);
        var info = new RunInfo(Network, _solver.Name, executed, combiner?.GuidanceScale ?? 1)
        {
            IsGuided = combiner is { UnconditionalBranch: true },
            CombinesBranches = combiner is not null,
            OtherBranches = [.. _strategies.SelectMany(s => BranchesOf(s.Needs)).Distinct().Order()],
            TakesCleanAndNoiseApart = _solver.TakesCleanAndNoiseApart,
            OneCallPerStep = executed.All(g => Enumerable.Range(0, g.Steps).All(k => _solver.Calls(g, k) == 1)),
        };
        Compatibility.Check(_strategies, info);
        var sampler = new Sampler(_denoiser, _solver, _stages, _clip, [.. _strategies], info, _separateBranches)
        {
            Grid = _grid,
            Staging = _staging,
            Calibration = _calibration,
            Forced = _forced,
            Applied = _applied,
            NonFinite = _nonFinite,
            DefersFiniteChecks = DefersFiniteChecks,
            CacheBudget = _cacheBudget,
        };
        if (!_forced)
        {
            // The size is the request's.
            _calibration?.Require(Calibration.Of(sampler) with { Size = null });
        }

        return sampler;
    }
}
