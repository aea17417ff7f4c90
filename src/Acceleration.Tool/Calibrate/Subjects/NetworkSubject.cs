using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A network alone, by labels or by conditions from a file.</summary>
internal sealed class NetworkSubject : CalibrationSubject
{
    private readonly CalibrateSettings _settings;
    private readonly AccelerationPlan? _plan;
    private readonly IDenoiser _network;
    private readonly Conditioning? _conditions;
    private readonly long[] _classes = [];

    /// <exception cref="ToolException">Its conditions are not what it reads.</exception>
    public NetworkSubject(CalibrateSettings settings, AccelerationPlan? plan)
    {
        (_settings, _plan) = (settings, plan);
        _network = TypeOption.Load(settings.Model, settings.DType, settings.Onnx).Network;
        try
        {
            if (settings.Conditions is { } file)
            {
                _conditions = ConditionsFile.Read(file, _network.Info);
            }
            else
            {
                _classes = FitTrajectories.Classes(_network, settings.Labels);
            }
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    public override string Name => _network.Info.Name;

    public override SamplerBuilder Describe() => _settings.Sampler.Describe(_network, _plan);

    public override void Ask(int first, int count, Action<SamplingRequest> use)
    {
        using var scope = NewDisposeScope();
        using var condition = _conditions is { } given
            ? given.Take([.. Enumerable.Range(first, count).Select(i => i % given.Rows)])
            : Conditioning.Labels([.. Enumerable.Range(first, count).Select(i => _classes[i % _classes.Length])]);
        use(new() { Condition = condition, Seed = _settings.Seed + first });
    }

    public override void Dispose()
    {
        _conditions?.Dispose();
        _network.Dispose();
    }
}
