using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The runs of one request with their stores.</summary>
internal sealed class RunSet : IDisposable
{
    private readonly Sampler _sampler;
    private readonly IRun[] _runs;
    private readonly RunStore[] _stores;

    public RunSet(Sampler sampler)
    {
        _sampler = sampler;
        _stores = [.. sampler.Strategies.Select(_ => new RunStore())];
        _runs = [.. sampler.Strategies.Select((s, i) => s.Begin(sampler.Info, _stores[i]))];
        Hooks = _runs.Length == 0 ? HookTable.Empty : HookTable.Build(sampler.Denoiser.Info.Sites, sampler.Strategies.Zip(_runs));
        Combiner = _runs.OfType<ICombiner>().SingleOrDefault();
        Policy = _runs.OfType<IBranchPolicy>().SingleOrDefault();
    }

    public HookTable Hooks { get; }

    public ICombiner? Combiner { get; }

    public IBranchPolicy? Policy { get; }

    public IReadOnlyList<RunStore> Stores => _stores;

    public long Bytes => _stores.Sum(s => s.Bytes);

    public void StageChanged(in StageInfo stage)
    {
        for (var i = 0; i < _runs.Length; i++)
        {
            _stores[i].Clear();
            _runs[i].StageChanged(stage);
        }
    }

    public Tensor Before(StepInfo step, Tensor x) => _runs.OfType<IStepHook>().Aggregate(x, (latents, hook) => hook.Before(step, latents));

    public void After(StepInfo step, Tensor x, Tensor next)
    {
        foreach (var hook in _runs.OfType<IStepHook>())
        {
            hook.After(step, x, next);
        }
    }

    public Prediction Convert(StepInfo step, Prediction prediction) =>
        _runs.OfType<IConvertHook>().Aggregate(prediction, (p, hook) => hook.Convert(step, p));

    public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale) =>
        _runs.OfType<IUpdateHook>().Aggregate(mean, (m, hook) => hook.Mean(step, m, noiseScale));

    /// <summary>New runs that know the stage they are in and what these remember.</summary>
    public RunSet Clone(StageInfo? stage)
    {
        var copy = new RunSet(_sampler);
        if (stage is { } begun)
        {
            copy.StageChanged(begun);
        }

        for (var i = 0; i < _stores.Length; i++)
        {
            using var remembered = _stores[i].Clone();
            copy._stores[i].RollBackTo(remembered);
        }

        return copy;
    }

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run.Dispose();
        }

        foreach (var store in _stores)
        {
            store.Dispose();
        }
    }
}
