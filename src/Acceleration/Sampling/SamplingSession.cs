using System.Diagnostics;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// One request, advanced step by step on the caller's thread. It can be cloned at any step (search, tuning), paused and resumed. Owns all
/// tensors of the request and releases them on any exit. Not thread-safe.
/// </summary>
/// <remarks>
/// A step that fails, or is cancelled half-way, ends the session: latents, preview, counters and trace stay those of the last whole step, but random numbers and memories of strategies have moved on, so
/// <see cref="Advance"/> and <see cref="Clone"/> refuse from then on. A new start with the same seed, or a clone taken before, gives what an undisturbed run would have given.
/// </remarks>
public sealed partial class SamplingSession : IDisposable
{
    private readonly Sampler _sampler;
    private readonly IReadOnlyList<long> _requestedSize;
    private readonly Conditioning _condition;
    private readonly Conditioning? _negative;
    private readonly IReadOnlyList<Conditioning> _others = [];
    private readonly int _previewEvery;
    private readonly long? _seed;
    private readonly DrawnNoise _noise;
    private readonly RunSet _runs;
    private readonly GuidedPredictor _predictor;
    private readonly FiniteWatch _watch;
    private readonly RowSet _samples;
    private readonly SessionMeter _meter;
    private SolverState _state;
    private Tensor? _clean;
    private Exception? _failure;
    private bool _disposed;

    internal SamplingSession(Sampler sampler, SamplingRequest request)
    {
        RequestChecks.Check(sampler, request);
        var network = sampler.Denoiser.Info;
        (_sampler, _meter) = (sampler, new(sampler));
        _previewEvery = request.PreviewEvery;
        _seed = request.Noise is null ? request.Seed : null;
        _requestedSize = request.Size ?? network.SampleSize;
        _samples = RowSet.Of(request.Condition.Rows, Branch.Guided);
        Trace = new() { Samples = _samples.Count, NeverActing = sampler.NeverActing };
        _watch = new(sampler);
        try
        {
            _condition = request.Condition.To(network.Device);
            _negative = NegativeOf(request, network);
            _others = OtherConditions.To(network.Device, request.Others);
            RequireSameNames(_condition, _negative);
            _noise = DrawnNoise.Of(request.Noise, request.Seed, _samples.Count);
            _runs = new(sampler);
            _predictor = new(sampler.Denoiser, _runs.Guidance, sampler.SeparateBranches, _condition, _negative, _others);
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var first = request.Latents is { } given
                ? given.to(network.DType).to(network.Device).alias()
                : Noise(SizeOf(0), Grid.InitialNoiseScale);
            _state = SolverState.Start(first.DetachFromDisposeScope());
            _watch.Note(FiniteSource.First, first, _samples, At(0, Grid.Points[0]));
            _runs.StageChanged(new(0, Grid, SizeOf(0)));
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Latents after the last whole step, [samples, channels, ...]; valid until the next step.</summary>
    public Tensor Latents => _state.Latents;

    /// <summary>Stage of the next step.</summary>
    public int Stage { get; private set; }

    /// <summary>The next step within its stage.</summary>
    public int Step { get; private set; }

    /// <summary>Steps done, over all stages.</summary>
    public int Done => Trace.Steps.Count;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => Stage == _sampler.Stages.Count;

    /// <summary>What was computed and skipped so far.</summary>
    public Trace Trace { get; private init; }

    /// <summary>What its strategies remember, in their order.</summary>
    internal IReadOnlyList<RunStore> Stores => _runs.Stores;

    private Schedule Grid => _sampler.Info.Stages[Stage];

    /// <summary>Takes one step.</summary>
    /// <param name="cancellation">Where it is set already, nothing is begun and the session can go on later. It also stops between the sites of a step, which ends the session.</param>
    /// <returns>Whether another step remains.</returns>
    /// <exception cref="SamplingException">The network, a strategy or the solver failed; the message says at which step and site.</exception>
    /// <exception cref="InvalidOperationException">All steps are done, or an earlier one failed.</exception>
    public bool Advance(CancellationToken cancellation = default)
    {
        RequireUsable();
        if (IsFinished)
        {
            throw new InvalidOperationException($"All {_sampler.Steps} steps are done.");
        }

        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.GetTimestamp();
        var trace = new StepTrace { Step = At(0, Grid.Points[Step]) };
        try
        {
            using var _ = no_grad();
            _runs.BeginStep();
            TakeStep(trace, cancellation);
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }

        _runs.EndStep(trace);
        trace.Seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        if (Trace.Steps.Count == 0 && trace.ComputedRows > 0)
        {
            // Everything is computed in the first step: what was not asked then has nothing to act on.
            Trace.NeverActing = [.. Trace.NeverActing, .. _runs.Unattended];
        }

        Trace.Add(trace);
        _meter.Step(trace);
        return !IsFinished;
    }

    /// <summary>Takes all remaining steps.</summary>
    /// <param name="progress">Told after every step, on this thread where it is called directly.</param>
    /// <param name="cancellation">See <see cref="Advance"/>.</param>
    /// <exception cref="SamplingException">A step failed. Or the callback did: then the step it was told of is done, and the session can go on.</exception>
    public void RunToEnd(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        while (!IsFinished)
        {
            Advance(cancellation);
            if (progress is not null)
            {
                Tell(progress);
            }
        }
    }

    /// <summary>The clean latents predicted in the last step, as managed memory.</summary>
    /// <exception cref="InvalidOperationException">No step was taken with previews asked for.</exception>
    public LatentsPreview Preview() => _clean is { } c
        ? new(HostReads.Floats(c), c.shape)
        : throw new InvalidOperationException($"No preview yet: set {nameof(SamplingRequest)}.{nameof(SamplingRequest.PreviewEvery)} and take a step.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // After a failure it would hide what failed.
        if (Release() is { } error && _failure is null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>Releases everything, whatever a part of it throws; that is returned.</summary>
    internal Exception? Release()
    {
        if (_disposed)
        {
            return null;
        }

        _disposed = true;
        _meter.End(Trace);
        Release(_state, default);

        // Null where starting failed.
        return DisposeAll.Of([_clean, _watch, _predictor, _runs, _noise, .. _others, _negative, _condition]);
    }

    internal SamplingResult TakeResult()
    {
        var latents = _state.Latents.alias();
        latents.DetachFromDisposeScope();
        return new(latents, Trace);
    }

    private static Conditioning? NegativeOf(SamplingRequest request, DenoiserInfo network)
    {
        if (request.Negative is { } given)
        {
            return given.To(network.Device);
        }

        if (network.Unconditional is not { } unconditional)
        {
            return null;
        }

        var made = RequestChecks.RequireUnconditional(unconditional(request.Condition), request.Condition, network);
        var moved = made.To(network.Device);
        if (!ReferenceEquals(made, request.Condition))
        {
            made.Dispose();
        }

        return moved;
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw new InvalidOperationException(
                $"Step {Done + 1} of {_sampler.Steps} was begun and did not end ({_failure.Message}): this session cannot go on. Start another, or go on with a clone taken before that step.", _failure);
        }
    }

    private void Tell(IProgress<SamplingProgress> progress)
    {
        var done = Trace.Steps[^1];
        try
        {
            progress.Report(new(Done, _sampler.Steps, done, PreviewNow()));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SamplingException.InCallback(done.Step, e);
        }
    }

    /// <summary>Branches run in one batch. Without guidance nobody asks for the other one.</summary>
    private void RequireSameNames(Conditioning condition, Conditioning? negative)
    {
        if (negative is not null && _sampler.Strategies.Any(s => s.Needs.UnconditionalBranch) && !negative.Names.ToHashSet().SetEquals(condition.Names))
        {
            throw new ArgumentException(
                $"The condition of {_sampler.Denoiser.Info.Name} has the tensors [{string.Join(", ", condition.Names)}], its unconditional or negative one [{string.Join(", ", negative.Names)}]: guidance needs the same names in both.");
        }
    }

    private LatentsPreview? PreviewNow() => _previewEvery > 0 && Done % _previewEvery == 0 ? Preview() : null;

    private IReadOnlyList<long> SizeOf(int stage) => _sampler.Stages[stage].SizeFor(_requestedSize, _sampler.Denoiser.Info);

    private Tensor ToNetwork(Tensor cpu) => cpu.to(_sampler.Denoiser.Info.DType).to(_sampler.Denoiser.Info.Device);
}
