using static TorchSharp.torch;

namespace Acceleration;

public sealed partial class SamplingSession
{
    private SamplingSession(SamplingSession other)
    {
        (_sampler, _requestedSize, _samples) = (other._sampler, other._requestedSize, other._samples);
        (_previewEvery, _seed) = (other._previewEvery, other._seed);
        (Stage, Step, _meter) = (other.Stage, other.Step, new(_sampler));
        var network = _sampler.Denoiser.Info;
        Trace = other.Trace.Clone();
        _watch = new(_sampler);
        try
        {
            _condition = other._condition.To(network.Device);
            _negative = other._negative?.To(network.Device);
            _others = OtherConditions.To(network.Device, other._others);
            _noise = other._noise.Clone();
            _runs = other._runs.Clone(IsFinished ? null : new StageInfo(Stage, Grid, SizeOf(Stage)));
            _predictor = new(_sampler.Denoiser, _runs.Guidance, _sampler.SeparateBranches, _condition, _negative, _others);
            _state = new(Keep(other._state.Latents.alias()), [.. other._state.History.Select(h => Keep(h.alias()))]);
            _clean = other._clean is null ? null : Keep(other._clean.alias());
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>An independent session at the same point: same latents, random numbers and caches; memory is shared until it changes.</summary>
    /// <exception cref="InvalidOperationException">A step failed.</exception>
    public SamplingSession Clone()
    {
        RequireUsable();
        _watch.Require();
        return new(this);
    }

    private void TakeStep(StepTrace trace, CancellationToken cancellation)
    {
        CallContext? call = null;
        var info = trace.Step;
        try
        {
            using var scope = NewDisposeScope();
            var before = _state;
            var x = _runs.Before(info, before.Latents);
            var next = before with { Latents = Churned(x) };
            Tensor? clean = null;
            for (var c = 0; c < _sampler.Solver.Calls(Grid, Step); c++)
            {
                var input = _sampler.Solver.Input(next, Grid, Step, c);
                info = At(c, input.At);
                call = new(_runs.Hooks, info, trace, _runs.Stores, cancellation, _watch);
                var prediction = Predict(call, input);
                if (_watch.LooksAtOnce && _watch.Look(trace) is { } bad)
                {
                    call = new(_runs.BranchHooks, info, trace, _runs.Stores, cancellation, _watch);
                    prediction = PredictAlone(call, input, bad);
                }

                prediction = _runs.Convert(info, prediction);
                call.Current = null;
                clean = WantsClean ? prediction.X0.alias() : null;
                var update = _sampler.Solver.Step(next, Grid, Step, c, prediction);
                TensorForm.Require(update.Mean, next.Latents, $"The solver {_sampler.Solver.Name}");
                next = update.Next with { Latents = WithNoise(_runs.Mean(info, update.Mean, update.NoiseScale), update.NoiseScale) };
            }

            _watch.Note(FiniteSource.Update, next.Latents, _samples, info);
            if (_watch.ReadsFreely || IsLastStep)
            {
                _watch.Require(trace);
            }

            _watch.Gather();
            _runs.After(info, x, next.Latents);
            Enter(next, clean);
        }
        catch (Exception e) when (e is not OperationCanceledException && !IsNamed(e))
        {
            throw new SamplingException(info, call?.Current, e);
        }
    }

    private Prediction Predict(CallContext call, SolverInput input)
    {
        var guided = _predictor.Predict(call, _samples, input);
        _watch.Note(FiniteSource.Guided, guided.Main, _samples, call.Step);
        return ToPrediction(guided, input);
    }

    /// <summary>The prediction of the network alone, where strategies have made one that is not finite. They begin anew.</summary>
    /// <exception cref="SamplingException">Recomputing is not asked for, or would change nothing.</exception>
    private Prediction PredictAlone(CallContext call, SolverInput input, FiniteFinding bad)
    {
        if (_sampler.NonFinite != NonFinite.Recompute || bad.Source is FiniteSource.First or FiniteSource.Update)
        {
            throw bad.ToException();
        }

        call.Trace.Recomputed = bad.ToString();
        _runs.StageChanged(new(Stage, Grid, SizeOf(Stage)));
        var prediction = Predict(call, input);
        _watch.Require(call.Trace);
        return prediction;
    }

    /// <summary>Whether an exception names a step of this session, and not one of a sampler that runs inside a network.</summary>
    private bool IsNamed(Exception e) => e is SamplingException named && _sampler.Info.Stages.Any(g => ReferenceEquals(g, named.Step.Grid));

    private Prediction ToPrediction(Value guided, SolverInput input)
    {
        var network = _sampler.Denoiser.Info;
        var output = guided.Main;
        var channels = input.Latents.size(1);
        Prediction prediction = network.LearnedVariance
            ? new(output.narrow(1, 0, channels), network.Prediction, input.Unscaled, input.At, _sampler.Clip, output.narrow(1, channels, channels))
            : new(output, network.Prediction, input.Unscaled, input.At, _sampler.Clip);
        return guided.Text is { } renoise
            ? prediction.WithLeading(prediction.X0, Conversions.Epsilon(renoise.narrow(1, 0, channels), network.Prediction, input.Unscaled, input.At))
            : prediction;
    }

    private StepInfo At(int call, GridPoint at) => StepInfo.Of(_sampler.Info.Stages, Stage, Step, call, at);

    private Tensor WithNoise(Tensor mean, Tensor? scale) => scale is null ? mean : mean.Plus(scale * Noise(mean.shape[1..]));

    private Tensor Churned(Tensor x) => _sampler.Solver.NoiseBefore(Grid, Step) is var scale and > 0 ? x.Plus(Noise(x.shape[1..], (float)scale)) : x;

    private Tensor Noise(IReadOnlyList<long> size, float scale = 1)
    {
        long[] expected = [_samples.Count, .. size];
        var drawn = _noise.Draw(size);
        return drawn is not null && drawn.shape.AsSpan().SequenceEqual(expected)
            ? ToNetwork(scale == 1 ? drawn : drawn.Times(scale))
            : throw new InvalidOperationException($"The noise source returned {TensorForm.Of(drawn)}; expected float32 [{string.Join(", ", expected)}].");
    }

    /// <summary>Previews, and the stage that follows, begin with the clean latents of a step.</summary>
    private bool WantsClean => _previewEvery > 0 || EndsStage;

    private bool IsLastStep => Step == Grid.Steps - 1 && Stage == _sampler.Stages.Count - 1;

    private bool EndsStage => Step == Grid.Steps - 1 && Stage + 1 < _sampler.Stages.Count;

    /// <summary>
    /// Makes <paramref name="next"/> the session's own and moves on, over the stage boundary where there is one. Until all that may fail is done, the session is as it was.
    /// </summary>
    private void Enter(SolverState next, Tensor? clean)
    {
        var (before, kept) = (_state, EndsStage ? SolverState.Start(Restart(next.Latents, clean!)) : next);
        var stage = Step + 1 == Grid.Steps ? Stage + 1 : Stage;
        if (EndsStage)
        {
            _runs.StageChanged(new(stage, _sampler.Info.Stages[stage], SizeOf(stage)));
        }

        Keep(kept.Latents);
        foreach (var t in kept.History)
        {
            Keep(t);
        }

        (_state, Step, Stage) = (kept, stage == Stage ? Step + 1 : 0, stage);
        Release(before, kept);

        // What an earlier step predicted, at the end of a stage, is not the last step's any more.
        _clean?.Dispose();
        _clean = clean is null ? null : Keep(clean);
    }

    /// <summary>Latents at the start of the next stage.</summary>
    private Tensor Restart(Tensor latents, Tensor clean)
    {
        var (to, size) = (_sampler.Stages[Stage + 1], SizeOf(Stage + 1));
        var noise = Noise(size);
        var resampled = TensorForm.Require(to.Resample(to.Start == StageStart.Clean ? clean : latents, size), noise, $"Resampling into stage {Stage + 2}");

        // An alias, because a stage may hand on what it was given.
        return TensorForm.Require(to.Renoise(resampled, noise, _sampler.Info.Stages[Stage + 1].Points[0]), noise, $"Noising for stage {Stage + 2}").alias();
    }

    private static Tensor Keep(Tensor t) => t.DetachFromDisposeScope();

    private static void Release(SolverState old, SolverState kept)
    {
        var alive = kept.Latents is null ? [] : kept.History.Append(kept.Latents).ToHashSet(ReferenceEqualityComparer.Instance);
        var gone = old.History.IsDefault ? [] : old.History.Append(old.Latents);
        foreach (var t in gone.Where(t => !alive.Contains(t)))
        {
            t.Dispose();
        }
    }
}
