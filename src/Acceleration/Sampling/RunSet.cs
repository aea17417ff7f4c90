using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The runs of one request with their stores.</summary>
internal sealed class RunSet : IDisposable
{
    private readonly Sampler sampler;
    private readonly IRun[] runs;
    private readonly RunStore[] stores;

    public RunSet(Sampler sampler)
    {
        this.sampler = sampler;
        stores = [.. sampler.Strategies.Select(_ => new RunStore())];
        runs = [.. sampler.Strategies.Select((s, i) => s.Begin(sampler.Info, stores[i]))];
        Hooks = runs.Length == 0 ? HookTable.Empty : HookTable.Build(sampler.Denoiser.Info.Sites, sampler.Strategies.Zip(runs));
        Combiner = runs.OfType<ICombiner>().SingleOrDefault();
        Policy = runs.OfType<IBranchPolicy>().SingleOrDefault();
    }

    public HookTable Hooks { get; }

    public ICombiner? Combiner { get; }

    public IBranchPolicy? Policy { get; }

    public IReadOnlyList<RunStore> Stores => stores;

    public long Bytes => stores.Sum(s => s.Bytes);

    public void StageChanged(in StageInfo stage)
    {
        for (var i = 0; i < runs.Length; i++)
        {
            stores[i].Clear();
            runs[i].StageChanged(stage);
        }
    }

    public Tensor Before(StepInfo step, Tensor x) => runs.OfType<IStepHook>().Aggregate(x, (latents, hook) => hook.Before(step, latents));

    public void After(StepInfo step, Tensor x, Tensor next)
    {
        foreach (var hook in runs.OfType<IStepHook>())
        {
            hook.After(step, x, next);
        }
    }

    public Prediction Convert(StepInfo step, Prediction prediction) =>
        runs.OfType<IConvertHook>().Aggregate(prediction, (p, hook) => hook.Convert(step, p));

    public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale) =>
        runs.OfType<IUpdateHook>().Aggregate(mean, (m, hook) => hook.Mean(step, m, noiseScale));

    /// <summary>New runs that know the stage they are in and what these remember.</summary>
    public RunSet Clone(StageInfo? stage)
    {
        var copy = new RunSet(sampler);
        if (stage is { } begun)
        {
            copy.StageChanged(begun);
        }

        for (var i = 0; i < stores.Length; i++)
        {
            using var remembered = stores[i].Clone();
            copy.stores[i].RollBackTo(remembered);
        }

        return copy;
    }

    public void Dispose()
    {
        foreach (var run in runs)
        {
            run.Dispose();
        }

        foreach (var store in stores)
        {
            store.Dispose();
        }
    }
}
