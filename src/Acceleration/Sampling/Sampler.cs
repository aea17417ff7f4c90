namespace Acceleration;

/// <summary>
/// A network, a solver on its noise levels, guidance and strategies: checked once, immutable, and safe to use from several requests at once.
/// </summary>
public sealed class Sampler
{
    private readonly Lazy<IReadOnlyList<string>> _advice;
    private readonly Lazy<string> _levels;
    private readonly Lazy<IReadOnlyList<IdleStrategy>> _neverActing;

    internal Sampler(IDenoiser denoiser, ISolver solver, IReadOnlyList<Stage> stages, SampleClip? clip, IReadOnlyList<IStrategy> strategies, RunInfo info, bool separateBranches)
    {
        (Denoiser, Solver, Stages, Clip, Strategies, Info, SeparateBranches) = (denoiser, solver, stages, clip, strategies, info, separateBranches);

        _levels = new(() => SavedIdentity.LevelsOf(this));

        // An exception is not kept: the next one to ask may fare better.
        _neverActing = new(() => [.. strategies.Select(s => s.Needs.NeverActs?.Invoke(info) is { } why ? new IdleStrategy(s.Tag, why.TrimEnd('.')) : null).OfType<IdleStrategy>()], LazyThreadSafetyMode.PublicationOnly);
        _advice = new(
            () => [.. NeverActing.Select(i => i.ToString().Replace("never acted", "never acts", StringComparison.Ordinal)), .. strategies.Select(s => s.Needs.Advise?.Invoke(info) is { } why ? $"{s.Tag}: {why}" : null).OfType<string>()],
            LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The network. Not disposed by the sampler.</summary>
    public IDenoiser Denoiser { get; }

    /// <summary>The solver.</summary>
    public ISolver Solver { get; }

    /// <summary>One stage for plain sampling.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Bounds on predicted clean samples, or null.</summary>
    public SampleClip? Clip { get; }

    /// <summary>The strategies, guidance included, in the order of addition.</summary>
    public IReadOnlyList<IStrategy> Strategies { get; }

    /// <summary>Solver steps over all stages.</summary>
    public int Steps => Info.Stages.Sum(s => s.Steps);

    /// <summary>
    /// What strategies say against themselves on this network and machine, for example that a sequence is too short to gain: a line for each. Found out when first asked, which may take a moment:
    /// some of it is measured.
    /// </summary>
    public IReadOnlyList<string> Advice => _advice.Value;

    /// <summary>
    /// Short form for tables: solver, steps and strategies, for example <c>ddim50+CFG2+EC0.05</c>, from which <see cref="AccelerationPlan.Parse"/> makes its plan again. A long plan from a file is cited by
    /// that file. Solvers, noise levels and strategies that no plan can hold are named as well as can be.
    /// </summary>
    public string Tag => SamplerPlan.Tag(this);

    /// <summary>What the plan was made for that this sampler was built from; null for anything.</summary>
    public Calibration? Calibration { get; internal init; }

    /// <summary>What happens when a prediction holds NaN or infinity.</summary>
    public NonFinite NonFinite { get; internal init; }

    /// <summary>Most bytes that the strategies of one request may remember together; null for no bound.</summary>
    public long? CacheBudget { get; internal init; }

    internal RunInfo Info { get; }

    /// <summary>Strategies of which it is known before any run that they will do nothing.</summary>
    internal IReadOnlyList<IdleStrategy> NeverActing => _neverActing.Value;

    internal bool SeparateBranches { get; }

    /// <summary>Names and a hash of its noise levels; made once, whatever the number of sessions that are saved.</summary>
    internal string Levels => _levels.Value;

    internal IGrid? Grid { get; init; }

    internal IStaging? Staging { get; init; }

    internal bool Forced { get; init; }

    /// <summary>Whether checks wait for the next read; null where the device decides.</summary>
    internal bool? DefersFiniteChecks { get; init; }

    /// <summary>The plan applied last; it may name less than the sampler is.</summary>
    internal AccelerationPlan? Applied { get; init; }

    /// <summary>The plan from which this sampler is built again.</summary>
    /// <exception cref="PlanException">A part cannot be held by a plan: noise levels or stages that were given as they are, or a strategy or solver without an <see cref="EntryAttribute"/>.</exception>
    public AccelerationPlan ToPlan() => SamplerPlan.Of(this);

    /// <summary>Starts to describe a sampler.</summary>
    /// <exception cref="ArgumentException">The network's own sample size is none that it takes.</exception>
    public static SamplerBuilder For(IDenoiser denoiser) => new(denoiser);

    /// <summary>Starts a request to be advanced step by step on the caller's thread.</summary>
    /// <exception cref="ArgumentException">The request does not fit the network.</exception>
    /// <exception cref="CalibrationException">The plan was made for another size.</exception>
    public SamplingSession Start(SamplingRequest request) => new(this, request);

    /// <summary>Runs a request to its end on the calling thread.</summary>
    /// <exception cref="SamplingException">A step failed, or the progress callback did; everything has been released.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; everything has been released.</exception>
    public SamplingResult Generate(SamplingRequest request, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var meter = RequestMeter.Start(this);
        var activity = Activities.Start(this, request);
        try
        {
            var result = Run(request, progress, cancellation);
            meter.End(activity, RequestOutcome.Completed, result.Trace, null);
            return result;
        }
        catch (OperationCanceledException)
        {
            meter.End(activity, RequestOutcome.Cancelled, null, null);
            throw;
        }
        catch (Exception e)
        {
            meter.End(activity, RequestOutcome.Failed, null, e);
            throw;
        }
    }

    /// <summary>Runs a request on a thread of its own: native thread pools and tensor scopes stay on one thread from start to end.</summary>
    /// <inheritdoc cref="Generate(SamplingRequest, IProgress{SamplingProgress}?, CancellationToken)"/>
    public Task<SamplingResult> GenerateAsync(SamplingRequest request, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        RequestThread.Run(() => Generate(request, progress, cancellation), cancellation);

    /// <summary>Samples without a condition.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="seed">Seed of sample 0; sample i uses seed + i.</param>
    /// <param name="size">Latent size of one sample, [channels, ...]; null for the network's own.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops between sites.</param>
    public async Task<SamplingResult> GenerateAsync(
        int samples, long seed = 0, IReadOnlyList<long>? size = null, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var condition = Conditioning.None(samples);
        return await GenerateAsync(new SamplingRequest { Condition = condition, Seed = seed, Size = size }, progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>Samples one image for each class label.</summary>
    /// <param name="labels">Class labels, one per sample.</param>
    /// <param name="seed">Seed of sample 0; sample i uses seed + i.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public async Task<SamplingResult> GenerateAsync(IReadOnlyList<long> labels, long seed = 0, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var condition = Conditioning.Labels([.. labels]);
        return await GenerateAsync(new SamplingRequest { Condition = condition, Seed = seed }, progress, cancellation).ConfigureAwait(false);
    }

    internal SamplingResult Run(SamplingRequest request, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        var session = Start(request);
        SamplingResult? result = null;
        try
        {
            session.RunToEnd(progress, cancellation);
            result = session.TakeResult();
            session.Dispose();
            return result;
        }
        catch
        {
            // Whatever a second thing throws, the caller hears of the first.
            session.Release();
            result?.Dispose();
            throw;
        }
    }
}
