using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// One request, advanced step by step on the caller's thread. It can be cloned at any step (search, tuning), paused and resumed. Owns all
/// tensors of the request and releases them on any exit. Not thread-safe.
/// </summary>
public sealed partial class SamplingSession : IDisposable
{
    private readonly Sampler _sampler;
    private readonly SamplingRequest _request;
    private readonly IReadOnlyList<long> _requestedSize;
    private readonly Conditioning _condition;
    private readonly Conditioning? _negative;
    private readonly INoiseSource _noise;
    private readonly RunSet _runs;
    private readonly GuidedPredictor _predictor;
    private readonly RowSet _samples;
    private SolverState _state;
    private Tensor? _clean;
    private bool _disposed;

    internal SamplingSession(Sampler sampler, SamplingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var network = sampler.Denoiser.Info;
        (_sampler, _request) = (sampler, request);
        _requestedSize = request.Size ?? network.SampleSize;
        RequestChecks.Check(request, network, _requestedSize, SizeOf(0));
        if (!sampler.Forced)
        {
            sampler.Calibration?.Require(new() { Size = _requestedSize });
        }

        _samples = RowSet.Of(request.Condition.Rows, Branch.Guided);
        Trace = new() { Samples = _samples.Count };
        try
        {
            _condition = request.Condition.To(network.Device);
            _negative = NegativeOf(request, network);
            _noise = request.Noise?.Clone() ?? new SeededNoise(request.Seed, _samples.Count);
            _runs = new(sampler);
            _predictor = new(sampler.Denoiser, _runs.Combiner, _runs.Policy, sampler.SeparateBranches, _condition, _negative);
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var first = request.Latents is { } given
                ? given.to(network.DType).to(network.Device).alias()
                : ToNetwork(_noise.Draw(SizeOf(0)) * Grid.InitialNoiseScale);
            _state = SolverState.Start(first.DetachFromDisposeScope());
            _runs.StageChanged(new(0, Grid, SizeOf(0)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Current latents, [samples, channels, ...]; valid until the next step.</summary>
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

    private Schedule Grid => _sampler.Info.Stages[Stage];

    /// <summary>Takes one step.</summary>
    /// <param name="cancellation">Stops between blocks; the session then is as before the step only after <see cref="Dispose"/> and a new start.</param>
    /// <returns>Whether another step remains.</returns>
    /// <exception cref="SamplingException">The network, a strategy or the solver failed; the message says at which step and site.</exception>
    public bool Advance(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsFinished)
        {
            throw new InvalidOperationException($"All {_sampler.Steps} steps are done.");
        }

        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.GetTimestamp();
        var trace = new StepTrace { Step = new(Stage, Step, 0, Grid, Grid.Points[Step]) };
        using (no_grad())
        {
            TakeStep(trace, cancellation);
        }

        trace.CacheBytes = _runs.Bytes;
        trace.Seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        Trace.Add(trace);
        return !IsFinished;
    }

    /// <summary>Takes all remaining steps.</summary>
    public void RunToEnd(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        while (!IsFinished)
        {
            Advance(cancellation);
            progress?.Report(new(Done, _sampler.Steps, Trace.Steps[^1], PreviewNow()));
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
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Release(_state, default);
        _clean?.Dispose();
        // Null where starting failed.
        _predictor?.Dispose();
        _runs?.Dispose();
        _noise?.Dispose();
        _negative?.Dispose();
        _condition?.Dispose();
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

        var made = network.Unconditional?.Invoke(request.Condition);
        var moved = made?.To(network.Device);
        if (!ReferenceEquals(made, request.Condition))
        {
            made?.Dispose();
        }

        return moved;
    }

    private LatentsPreview? PreviewNow() => _request.PreviewEvery > 0 && Done % _request.PreviewEvery == 0 ? Preview() : null;

    private IReadOnlyList<long> SizeOf(int stage) => _sampler.Stages[stage].SizeFor(_requestedSize, _sampler.Denoiser.Info);

    private Tensor ToNetwork(Tensor cpu) => cpu.to(_sampler.Denoiser.Info.DType).to(_sampler.Denoiser.Info.Device);
}
