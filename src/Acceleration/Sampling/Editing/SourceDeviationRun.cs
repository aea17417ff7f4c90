using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Follows the source's trajectory beside the sampled one and adds what the network gets wrong there.</summary>
internal sealed class SourceDeviationRun : Run, IStepHook, IBranchNetwork, IGuidanceTerm
{
    private static readonly StoreKey SourceKey = new("source");
    private static readonly StoreKey VelocityKey = new("velocity");
    private static readonly int[] Deviating = [SamplerBuilder.SourceDeviation.Branch];
    private readonly SamplerBuilder.SourceDeviation _edit;
    private readonly DenoiserInfo _network;
    private readonly RunStore _store;
    private RowSet? _rows;
    private Tensor? _source;
    private Tensor? _velocity;

    public SourceDeviationRun(SamplerBuilder.SourceDeviation edit, RunInfo info, RunStore store)
    {
        (_edit, _network, _store) = (edit, info.Network, store);
        Network = Denoiser.From(edit.Network.Info, Deviation);
    }

    public int Branch => SamplerBuilder.SourceDeviation.Branch;

    public IDenoiser Network { get; }

    public IReadOnlyList<int> Branches(StepInfo step) => _edit.Lambda == 0 ? [] : Deviating;

    /// <summary>Learns source and noise in the first step; a clone, or a session that was saved, from what is remembered.</summary>
    public Tensor Before(StepInfo step, Tensor latents)
    {
        if (_source is null)
        {
            using var scope = NewDisposeScope();
            _rows = RowSet.Of((int)latents.size(0), Acceleration.Branch.Guided);
            var known = _store.Depth(VelocityKey, _rows[0]) > 0;
            var source = known ? _store.Get(SourceKey, _rows).Value : _edit.Source.to(_network.DType).to(_network.Device).expand(latents.shape).contiguous();
            var velocity = known ? _store.Get(VelocityKey, _rows).Value : (latents - source.Times(step.At.Alpha)).Over(step.At.Sigma) - source;
            (_source, _velocity) = (source.alias().DetachFromDisposeScope(), velocity.alias().DetachFromDisposeScope());
        }

        if (_store.Depth(VelocityKey, _rows![0]) == 0)
        {
            _store.PushEssential(SourceKey, _rows, _source);
            _store.PushEssential(VelocityKey, _rows, _velocity!);
        }

        return latents;
    }

    public void After(StepInfo step, Tensor latents, Tensor next)
    {
    }

    public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
    {
        var samples = outputs.SamplesOf(Branch);
        if (_edit.Lambda == 0 || samples.Count == 0)
        {
            return combined;
        }

        // A sample whose deviation is neither evaluated nor kept stays as it is.
        var rest = outputs.Samples.Except(samples).ToArray();
        var moved = outputs.Among(combined.Main, samples).Plus(outputs[Branch].Times(_edit.Lambda));
        return combined with { Main = rest.Length == 0 ? moved : outputs.Join([([.. samples], moved), (rest, outputs.Among(combined.Main, rest))]) };
    }

    public override void Dispose()
    {
        _source?.Dispose();
        _velocity?.Dispose();
        base.Dispose();
    }

    /// <summary>d = n − s − v((1 − σ)·s + σ·n), of the rows that are asked for.</summary>
    private Tensor Deviation(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var at = evaluation.Rows.Select(r => _rows!.IndexOf(new(r.Sample, Acceleration.Branch.Guided))).ToArray();
        var (source, velocity) = (_rows!.Take(_source!, at), _rows.Take(_velocity!, at));
        return velocity - _edit.Network.Predict(source.Plus(velocity.Times(evaluation.Step.At.Sigma)), timestep, condition, evaluation);
    }
}
