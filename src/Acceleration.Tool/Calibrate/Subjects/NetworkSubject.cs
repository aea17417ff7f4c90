namespace Acceleration.Tool;

/// <summary>A network alone, by labels, by conditions from a file, or by nothing.</summary>
internal sealed class NetworkSubject : CalibrationSubject
{
    private readonly CalibrateSettings _settings;
    private readonly AccelerationPlan? _plan;
    private readonly IDenoiser _network;
    private readonly NetworkConditions _conditions;

    /// <exception cref="ToolException">Its conditions are not what it reads.</exception>
    public NetworkSubject(CalibrateSettings settings, AccelerationPlan? plan)
    {
        (_settings, _plan) = (settings, plan);
        _network = TypeOption.Load(settings.Model, settings.DType, settings.Onnx).Network;
        try
        {
            var all = settings.Conditions is null && _network.Info.Classes > 0;
            _conditions = NetworkConditions.Of(_network, all ? FitTrajectories.Classes(_network, settings.Labels) : settings.Labels, settings.Conditions);
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    public override string Name => _network.Info.Name;

    public override SamplerBuilder Describe() => _settings.Sampler.Describe(_network, _plan);

    public override void Ask(int first, int count, Action<SamplingRequest> use) => _conditions.Ask(first, count, _settings.Seed + first, use);

    public override void Dispose()
    {
        _conditions.Dispose();
        _network.Dispose();
    }
}
