using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The runs of one request with their stores.</summary>
internal sealed class RunSet : IDisposable
{
    private readonly Sampler _sampler;
    private readonly IRun[] _runs;
    private readonly CacheLedger _ledger;
    private readonly RunStore[] _stores;
    private string[]? _tags;

    public RunSet(Sampler sampler)
    {
        _sampler = sampler;
        _ledger = new(sampler.CacheBudget);
        _stores = [.. sampler.Strategies.Select(_ => _ledger.Open())];
        _runs = new IRun[_stores.Length];
        try
        {
            for (var i = 0; i < _runs.Length; i++)
            {
                _runs[i] = sampler.Strategies[i].Begin(sampler.Info, _stores[i]) ?? throw new InvalidOperationException($"{sampler.Strategies[i].Tag} returned no run: {nameof(IStrategy.Begin)} returned null.");
            }

            Hooks = _runs.Length == 0 ? HookTable.Empty : HookTable.Build(sampler.Denoiser.Info.Sites, sampler.Strategies.Zip(_runs));
            Guidance = new(_runs);
        }
        catch
        {
            Release();
            throw;
        }
    }

    public HookTable Hooks { get; }

    /// <summary>What makes the branches what they are, without what saves work.</summary>
    public HookTable BranchHooks => HookTable.Build(_sampler.Denoiser.Info.Sites, _sampler.Strategies.Zip(_runs), branchesAlone: true);

    public GuidanceRuns Guidance { get; }

    public IReadOnlyList<RunStore> Stores => _stores;

    /// <summary>Strategies on attention that no attention has come to.</summary>
    public IEnumerable<IdleStrategy> Unattended => Hooks.Unattended().Select(s => new IdleStrategy(s.Tag, $"no attention at its sites goes through {nameof(Evaluation)}.{nameof(Evaluation.Attend)}"));

    public void BeginStep() => _ledger.BeginStep();

    /// <summary>Goes on after as many steps were done elsewhere.</summary>
    public void Continue(int done) => _ledger.Continue(done);

    /// <summary>Writes down what is held, and was in this step.</summary>
    public void EndStep(StepTrace trace)
    {
        (trace.CacheBytes, trace.PeakCacheBytes, trace.CacheBytesGivenBack) = (_ledger.Held, _ledger.Peak, _ledger.GivenBack);
        if (_ledger.Held > 0)
        {
            _tags ??= [.. _sampler.Strategies.Select(s => s.Tag)];
            trace.CacheBytesOf = [.. _tags.Zip(_stores, (tag, store) => new CacheShare(tag, store.Bytes)).Where(s => s.Bytes > 0)];
        }
    }

    public void StageChanged(in StageInfo stage)
    {
        for (var i = 0; i < _runs.Length; i++)
        {
            _stores[i].Clear();
            _runs[i].StageChanged(stage);
        }
    }

    public Tensor Before(StepInfo step, Tensor x)
    {
        var latents = x;
        for (var i = 0; i < _runs.Length; i++)
        {
            latents = _runs[i] is IStepHook hook ? Require(hook.Before(step, latents), x, i, nameof(IStepHook.Before)) : latents;
        }

        return latents;
    }

    public void After(StepInfo step, Tensor x, Tensor next)
    {
        foreach (var hook in _runs.OfType<IStepHook>())
        {
            hook.After(step, x, next);
        }
    }

    public Prediction Convert(StepInfo step, Prediction prediction)
    {
        for (var i = 0; i < _runs.Length; i++)
        {
            prediction = _runs[i] is IConvertHook hook
                ? hook.Convert(step, prediction) ?? throw new InvalidOperationException($"{Name(i, nameof(IConvertHook.Convert))} returned null; expected a prediction.")
                : prediction;
        }

        return prediction;
    }

    public Tensor Mean(StepInfo step, Tensor mean, Tensor? noiseScale)
    {
        var shifted = mean;
        for (var i = 0; i < _runs.Length; i++)
        {
            shifted = _runs[i] is IUpdateHook hook ? Require(hook.Mean(step, shifted, noiseScale), mean, i, nameof(IUpdateHook.Mean)) : shifted;
        }

        return shifted;
    }

    /// <summary>New runs that know the stage they are in and what these remember.</summary>
    public RunSet Clone(StageInfo? stage)
    {
        var copy = new RunSet(_sampler);
        try
        {
            if (stage is { } begun)
            {
                copy.StageChanged(begun);
            }
        }
        catch
        {
            copy.Release();
            throw;
        }

        for (var i = 0; i < _stores.Length; i++)
        {
            using var remembered = _stores[i].Clone();
            copy._stores[i].RollBackTo(remembered);
        }

        copy._ledger.Continue(_ledger);
        return copy;
    }

    /// <summary>Releases all runs and stores; throws afterwards what a run threw first.</summary>
    public void Dispose()
    {
        if (Release() is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private Exception? Release() => DisposeAll.Of([.. _runs, .. _stores]);

    private Tensor Require(Tensor? answer, Tensor like, int run, string hook) => TensorForm.IsLike(answer, like) ? answer! : throw TensorForm.Unlike(answer, like, Name(run, hook));

    private string Name(int run, string hook) => $"{_sampler.Strategies[run].Tag}, {hook},";
}
