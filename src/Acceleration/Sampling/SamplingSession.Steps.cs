using static TorchSharp.torch;

namespace Acceleration;

public sealed partial class SamplingSession
{
    private SamplingSession(SamplingSession other)
    {
        (sampler, request, requestedSize, samples) = (other.sampler, other.request, other.requestedSize, other.samples);
        (Stage, Step) = (other.Stage, other.Step);
        var network = sampler.Denoiser.Info;
        condition = other.condition.To(network.Device);
        negative = other.negative?.To(network.Device);
        noise = other.noise.Clone();
        Trace = other.Trace.Clone();
        runs = other.runs.Clone(IsFinished ? null : new StageInfo(Stage, Grid, SizeOf(Stage)));
        predictor = new(sampler.Denoiser, runs.Combiner, runs.Policy, sampler.SeparateBranches, condition, negative);
        state = new(Keep(other.state.Latents.alias()), [.. other.state.History.Select(h => Keep(h.alias()))]);
        clean = other.clean is null ? null : Keep(other.clean.alias());
    }

    /// <summary>An independent session at the same point: same latents, random numbers and caches; memory is shared until it changes.</summary>
    public SamplingSession Clone()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new(this);
    }

    private void TakeStep(StepTrace trace, CancellationToken cancellation)
    {
        CallContext? call = null;
        var info = trace.Step;
        try
        {
            using var scope = NewDisposeScope();
            var before = state;
            var x = runs.Before(info, before.Latents);
            var next = before with { Latents = x };
            for (var c = 0; c < sampler.Solver.Calls(Grid, Step); c++)
            {
                var input = sampler.Solver.Input(next, Grid, Step, c);
                info = new(Stage, Step, c, Grid, input.At);
                call = new(runs.Hooks, info, trace, runs.Stores, cancellation);
                var prediction = runs.Convert(info, ToPrediction(predictor.Predict(call, samples, input), input));
                call.Current = null;
                KeepClean(prediction);
                var update = sampler.Solver.Step(next, Grid, Step, c, prediction);
                next = update.Next with { Latents = WithNoise(runs.Mean(info, update.Mean, update.NoiseScale), update.NoiseScale) };
            }

            runs.After(info, x, next.Latents);
            Enter(next, before);
        }
        catch (Exception e) when (e is not OperationCanceledException and not SamplingException)
        {
            throw new SamplingException(info, call?.Current, e);
        }
    }

    private Prediction ToPrediction(Value guided, SolverInput input)
    {
        var network = sampler.Denoiser.Info;
        var output = guided.Main;
        var channels = input.Latents.size(1);
        Prediction prediction = network.LearnedVariance
            ? new(output.narrow(1, 0, channels), network.Prediction, input.Unscaled, input.At, sampler.Clip, output.narrow(1, channels, channels))
            : new(output, network.Prediction, input.Unscaled, input.At, sampler.Clip);
        return guided.Text is { } renoise
            ? prediction.WithLeading(prediction.X0, Conversions.Epsilon(renoise.narrow(1, 0, channels), network.Prediction, input.Unscaled, input.At))
            : prediction;
    }

    private Tensor WithNoise(Tensor mean, Tensor? scale) =>
        scale is null ? mean : mean + (scale * ToNetwork(noise.Draw(mean.shape[1..])));

    private void KeepClean(Prediction prediction)
    {
        var stageEnds = Step == Grid.Steps - 1 && Stage + 1 < sampler.Stages.Count;
        if (request.PreviewEvery == 0 && !stageEnds)
        {
            return;
        }

        clean?.Dispose();
        clean = Keep(prediction.X0.alias());
    }

    /// <summary>Makes <paramref name="next"/> the session's own and moves on, over the stage boundary where there is one.</summary>
    private void Enter(SolverState next, SolverState before)
    {
        var kept = new SolverState(Keep(next.Latents), [.. next.History.Select(Keep)]);
        state = kept;
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

        var stage = sampler.Stages[Stage];
        var resampled = stage.Resample(clean!, SizeOf(Stage));
        var start = stage.Renoise(resampled, ToNetwork(noise.Draw(SizeOf(Stage))), Grid.Points[0]);
        Release(state, default);
        // An alias, because a stage may hand the kept clean latents on as they are.
        state = SolverState.Start(Keep(start.alias()));
        runs.StageChanged(new(Stage, Grid, SizeOf(Stage)));
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
