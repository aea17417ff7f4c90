using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A whole model, by prompts or labels, with its own scheduler, steps and guidance.</summary>
internal sealed class ModelSubject : CalibrationSubject
{
    private readonly CalibrateSettings _settings;
    private readonly ModelSettings _asked;
    private readonly AccelerationPlan? _plan;
    private readonly LoadedModel _model;
    private readonly ModelPrompts _prompts;
    private readonly Conditioning? _seen;

    /// <exception cref="ToolException">The model asks for something else than was given.</exception>
    public ModelSubject(CalibrateSettings settings, ModelSettings asked, AccelerationPlan? plan)
    {
        (_settings, _asked, _plan) = (settings, asked, plan);
        var pictures = new ModelPictures(asked);
        pictures.RequireOnlyRead();
        _model = new(asked);
        try
        {
            _prompts = ModelPrompts.Of(_model.Pipeline, asked);
            _seen = pictures.Condition(_model.Pipeline);
        }
        catch
        {
            _prompts?.Dispose();
            _model.Dispose();
            throw;
        }
    }

    public override string Name => _model.Pipeline.Name;

    public override SamplerBuilder Describe()
    {
        var builder = _model.Pipeline.Describe(_asked.Call);
        return _plan is null ? builder : builder.Plan(_plan, _settings.Sampler.Force);
    }

    /// <summary>The prompts in turn, and from the first one again.</summary>
    public override void Ask(int first, int count, Action<SamplingRequest> use)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var (pipeline, call) = (_model.Pipeline, _asked.Call);
        int[] rows = [.. Enumerable.Range(first, count).Select(i => i % _prompts.Count)];
        using var all = _prompts.Condition(0, _prompts.Count);
        using var none = _prompts.Negative(0, _prompts.Count);
        using var taken = all.Take(rows);
        using var against = none?.Take(rows);
        using var condition = pipeline.Complete(taken, call, _seen);
        using var negative = against is null ? null : pipeline.Complete(against, call, _seen);
        use(new() { Condition = condition, Negative = negative, Seed = _settings.Seed + first, Size = pipeline.LatentSize(call) });
    }

    public override void Dispose()
    {
        _seen?.Dispose();
        _prompts.Dispose();
        _model.Dispose();
    }
}
