using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// One request, advanced step by step on the caller's thread. It can be cloned at any step (search, tuning), paused and resumed. Owns all
/// tensors of the request and releases them on any exit. Not thread-safe.
/// </summary>
public sealed partial class SamplingSession : IDisposable
{
    private readonly Sampler sampler;
    private readonly SamplingRequest request;
    private readonly IReadOnlyList<long> requestedSize;
    private readonly Conditioning condition;
    private readonly Conditioning? negative;
    private readonly INoiseSource noise;
    private readonly RunSet runs;
    private readonly GuidedPredictor predictor;
    private readonly RowSet samples;
    private SolverState state;
    private Tensor? clean;
    private bool disposed;

    internal SamplingSession(Sampler sampler, SamplingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var network = sampler.Denoiser.Info;
        (this.sampler, this.request) = (sampler, request);
        requestedSize = request.Size ?? network.SampleSize;
        RequestChecks.Check(request, network, requestedSize, SizeOf(0));
        samples = RowSet.Of(request.Condition.Rows, Branch.Guided);
        Trace = new() { Samples = samples.Count };
        try
        {
            condition = request.Condition.To(network.Device);
            negative = NegativeOf(request, network);
            noise = request.Noise ?? new SeededNoise(request.Seed, samples.Count);
            runs = new(sampler);
            predictor = new(sampler.Denoiser, runs.Combiner, runs.Policy, sampler.SeparateBranches, condition, negative);
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var first = request.Latents is { } given
                ? given.to(network.DType).to(network.Device).alias()
                : ToNetwork(noise.Draw(SizeOf(0)) * Grid.InitialNoiseScale);
            state = SolverState.Start(first.DetachFromDisposeScope());
            runs.StageChanged(new(0, Grid, SizeOf(0)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Current latents, [samples, channels, ...]; valid until the next step.</summary>
    public Tensor Latents => state.Latents;

    /// <summary>Stage of the next step.</summary>
    public int Stage { get; private set; }

    /// <summary>The next step within its stage.</summary>
    public int Step { get; private set; }

    /// <summary>Steps done, over all stages.</summary>
    public int Done => Trace.Steps.Count;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => Stage == sampler.Stages.Count;

    /// <summary>What was computed and skipped so far.</summary>
    public Trace Trace { get; private init; }

    private Schedule Grid => sampler.Info.Stages[Stage];

    /// <summary>Takes one step.</summary>
    /// <param name="cancellation">Stops between blocks; the session then is as before the step only after <see cref="Dispose"/> and a new start.</param>
    /// <returns>Whether another step remains.</returns>
    /// <exception cref="SamplingException">The network, a strategy or the solver failed; the message says at which step and site.</exception>
    public bool Advance(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (IsFinished)
        {
            throw new InvalidOperationException($"All {sampler.Steps} steps are done.");
        }

        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.GetTimestamp();
        var trace = new StepTrace { Step = new(Stage, Step, 0, Grid, Grid.Points[Step]) };
        using (no_grad())
        {
            TakeStep(trace, cancellation);
        }

        trace.CacheBytes = runs.Bytes;
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
            progress?.Report(new(Done, sampler.Steps, Trace.Steps[^1], PreviewNow()));
        }
    }

    /// <summary>The clean latents predicted in the last step, as managed memory.</summary>
    /// <exception cref="InvalidOperationException">No step was taken with previews asked for.</exception>
    public LatentsPreview Preview() => clean is { } c
        ? new(HostReads.Read(c), c.shape)
        : throw new InvalidOperationException($"No preview yet: set {nameof(SamplingRequest)}.{nameof(SamplingRequest.PreviewEvery)} and take a step.");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        Release(state, default);
        clean?.Dispose();
        // Null where starting failed.
        predictor?.Dispose();
        runs?.Dispose();
        noise?.Dispose();
        negative?.Dispose();
        condition?.Dispose();
    }

    internal SamplingResult TakeResult()
    {
        var latents = state.Latents.alias();
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

    private LatentsPreview? PreviewNow() => request.PreviewEvery > 0 && Done % request.PreviewEvery == 0 ? Preview() : null;

    private IReadOnlyList<long> SizeOf(int stage) => sampler.Stages[stage].Size ?? requestedSize;

    private Tensor ToNetwork(Tensor cpu) => cpu.to(sampler.Denoiser.Info.DType).to(sampler.Denoiser.Info.Device);
}
