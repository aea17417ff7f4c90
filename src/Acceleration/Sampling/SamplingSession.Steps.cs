using static TorchSharp.torch;

namespace Acceleration;

public sealed partial class SamplingSession
{
    private SamplingSession(SamplingSession other)
    {
        (_sampler, _request, _requestedSize, _samples) = (other._sampler, other._request, other._requestedSize, other._samples);
        (Stage, Step, _meter) = (other.Stage, other.Step, new(_sampler));
        var network = _sampler.Denoiser.Info;
        _condition = other._condition.To(network.Device);
        _negative = other._negative?.To(network.Device);
        _noise = other._noise.Clone();
        Trace = other.Trace.Clone();
        _runs = other._runs.Clone(IsFinished ? null : new StageInfo(Stage, Grid, SizeOf(Stage)));
        _predictor = new(_sampler.Denoiser, _runs.Combiner, _runs.Policy, _sampler.SeparateBranches, _condition, _negative);
        _state = new(Keep(other._state.Latents.alias()), [.. other._state.History.Select(h => Keep(h.alias()))]);
        _clean = other._clean is null ? null : Keep(other._clean.alias());
    }

    /// <summary>An independent session at the same point: same latents, random numbers and caches; memory is shared until it changes.</summary>
    public SamplingSession Clone()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
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
            var next = before with { Latents = x };
            for (var c = 0; c < _sampler.Solver.Calls(Grid, Step); c++)
            {
                var input = _sampler.Solver.Input(next, Grid, Step, c);
                info = new(Stage, Step, c, Grid, input.At);
                call = new(_runs.Hooks, info, trace, _runs.Stores, cancellation);
                var prediction = _runs.Convert(info, ToPrediction(_predictor.Predict(call, _samples, input), input));
                call.Current = null;
                KeepClean(prediction);
                var update = _sampler.Solver.Step(next, Grid, Step, c, prediction);
                next = update.Next with { Latents = WithNoise(_runs.Mean(info, update.Mean, update.NoiseScale), update.NoiseScale) };
            }

            _runs.After(info, x, next.Latents);
            Enter(next, before);
        }
        catch (Exception e) when (e is not OperationCanceledException and not SamplingException)
        {
            throw new SamplingException(info, call?.Current, e);
        }
    }

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

    private Tensor WithNoise(Tensor mean, Tensor? scale) =>
        scale is null ? mean : mean + (scale * ToNetwork(_noise.Draw(mean.shape[1..])));

    private void KeepClean(Prediction prediction)
    {
        var stageEnds = Step == Grid.Steps - 1 && Stage + 1 < _sampler.Stages.Count;
        if (_request.PreviewEvery == 0 && !stageEnds)
        {
            return;
        }

        _clean?.Dispose();
        _clean = Keep(prediction.X0.alias());
    }

    /// <summary>Makes <paramref name="next"/> the session's own and moves on, over the stage boundary where there is one.</summary>
    private void Enter(SolverState next, SolverState before)
    {
        var kept = new SolverState(Keep(next.Latents), [.. next.History.Select(Keep)]);
        _state = kept;
        Release(before, kept);
        if (++Step < Grid.Steps)
        {
            return;
        }

        (Stage, Step) = (Stage + 1, 0);
        if (IsFinished)
        {
            return;
        }

        var stage = _sampler.Stages[Stage];
        var resampled = stage.Resample(stage.Start == StageStart.Clean ? _clean! : _state.Latents, SizeOf(Stage));

        // An alias, because a stage may hand on what it was given.
        var start = Keep(stage.Renoise(resampled, ToNetwork(_noise.Draw(SizeOf(Stage))), Grid.Points[0]).alias());
        Release(_state, default);
        _state = SolverState.Start(start);
        _runs.StageChanged(new(Stage, Grid, SizeOf(Stage)));
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
