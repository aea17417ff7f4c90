using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>What a sampler must know of a model, from the options, else from the files beside it, else from its ports.</summary>
internal sealed class ModelDescription
{
    private readonly ModelFiles _files;
    private readonly OnnxOptions _options;
    private readonly IReadOnlyList<Port> _outputs;
    private readonly Scheduler? _scheduler;

    public ModelDescription(ModelFiles files, OnnxOptions options, IReadOnlyList<Port> inputs, IReadOnlyList<Port> outputs)
    {
        (_files, _options, _outputs) = (files, options, outputs);
        _scheduler = files.ReadScheduler();
        var timeScale = options.TimeScale ?? (IsFlux ? 1e-3 : 1);
        Signature = new(inputs, InputRecognition.Recognise(files.Model, inputs, options.Inputs), timeScale, options.Provider.Device);
        if (timeScale < 1 && Signature.PortOf(OnnxInput.Timestep) is { IsFloat: false } whole)
        {
            throw new OnnxException(files.Model, FormattableString.Invariant($"'{whole}' takes whole numbers, and {nameof(OnnxOptions)}.{nameof(OnnxOptions.TimeScale)} is {timeScale}, which makes times between 0 and 1: export it with a timestep of a float type."));
        }

        Output = OutputOf();
        Info = Describe();
    }

    public ModelSignature Signature { get; }

    public int Output { get; }

    public DenoiserInfo Info { get; }

    // The only usual kind that is told σ and not σ·T.
    private bool IsFlux => _files.Setting("_class_name") is { ValueKind: JsonValueKind.String } name && name.ValueEquals("FluxTransformer2DModel");

    private int Patch => _options.Patch ?? (Signature.IsPacked ? PackedForm.Side : _files.Whole("patch_size") ?? 1);

    private DenoiserInfo Describe()
    {
        var size = SampleSize();
        RequirePatch(size);
        var classes = Classes();
        var dtype = Signature.Latents.DType;
        var prediction = _options.Prediction ?? _scheduler?.Prediction ?? _options.AssumedPrediction
            ?? throw Unsaid(nameof(OnnxOptions.Prediction), "what the network predicts is not said in the file; give it, or lay its scheduler_config.json beside it");
        return new()
        {
            Name = _options.Name ?? NameOf(),
            Prediction = prediction,
            Noise = _options.Noise ?? _scheduler?.Noise ?? (prediction is PredictionType.Flow or PredictionType.Preconditioned
                ? null
                : _options.AssumedNoise ?? throw Unsaid(nameof(OnnxOptions.Noise), "the training noise schedule is not said in the file; give it, or lay its scheduler_config.json beside it")),
            SampleSize = size,
            Patch = Patch,
            IsFixedSize = !Signature.IsPacked && Signature.Latents.Size.Skip(1).All(s => s > 0),
            LearnedVariance = _outputs[Output] is { Rank: >= 4 } o && o.Size[1] == 2 * size[0],
            Classes = classes,
            Unconditional = classes > 0 ? given => new(given.Rows, (ConditionNames.Labels, KeptScalars.Full([given.Rows], (long)classes, ScalarType.Int64, _options.Provider.Device))) : null,
            NegativeComesWithRequest = Signature.Conditions().Any(c => c.Name == ConditionNames.Text),
            Conditions = [.. Signature.Conditions().Select(c => Spec(c.Name, c.Port))],
            Device = _options.Provider.Device,
            DType = is_floating_point(dtype) ? dtype : ScalarType.Float32,
            Sites = new(new(0, 1)),
        };
    }

    private void RequirePatch(IReadOnlyList<long> size)
    {
        if (size.Skip(size.Count - 2).Any(s => s % Patch != 0))
        {
            var said = _options.Patch is null && _files.Config is { } config ? config : _files.Model;
            throw new OnnxException(said, $"it says a patch of {Patch}, which the sides of its latents [{string.Join(", ", size)}] are no multiple of.");
        }
    }

    private int OutputOf()
    {
        if (_options.Output is not { } name)
        {
            return 0;
        }

        var at = _outputs.ToList().FindIndex(o => o.Name == name);
        return at >= 0 ? at : throw new OnnxException(_files.Model, $"{nameof(OnnxOptions)}.{nameof(OnnxOptions.Output)} names '{name}', which is none of its outputs: {string.Join("; ", _outputs)}.");
    }

    private IReadOnlyList<long> SampleSize()
    {
        if (_options.SampleSize is { } said)
        {
            return said;
        }

        var given = Signature.Latents.Size;
        var side = _files.Whole("sample_size");
        if (Signature.IsPacked)
        {
            var packed = given[2] > 0 ? given[2] / (PackedForm.Side * PackedForm.Side) : (_files.Whole("in_channels") ?? 0) / (PackedForm.Side * PackedForm.Side);
            return packed > 0 ? [packed, side ?? 128, side ?? 128] : throw Unsaid(nameof(OnnxOptions.SampleSize), "its number of latent channels is open");
        }

        var channels = given[1] > 0 ? given[1] : _files.Whole("in_channels") ?? throw Unsaid(nameof(OnnxOptions.SampleSize), "its number of latent channels is open");
        return [channels, .. given.Skip(2).Select(s => s > 0 ? s : side ?? throw Unsaid(nameof(OnnxOptions.SampleSize), "its latent sides are open"))];
    }

    private int Classes()
    {
        if (Signature.PortOf(OnnxInput.Condition(ConditionNames.Labels)) is null)
        {
            return 0;
        }

        // A UNet's table has the null class in it, a DiT's number of classes has not.
        return _options.Classes ?? _files.Whole("num_classes") ?? (_files.Whole("num_class_embeds") is { } table ? table - 1 : 0);
    }

    private static ConditionSpec Spec(string name, Port port)
    {
        IReadOnlyList<long> size = port.Rank == 0 ? [] : [.. port.Size.Skip(1).Select((s, i) => s > 0 ? s : 1)];
        return new(name, size) { DType = port.IsFloat ? ScalarType.Float32 : port.DType, IsSequence = port.Rank > 1 && port.Size[1] < 0 };
    }

    private string NameOf()
    {
        var file = Path.GetFileNameWithoutExtension(_files.Model);
        return file == "model" ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(_files.Model))!) : file;
    }

    private OnnxException Unsaid(string option, string why) => new(_files.Model, $"{why}: {nameof(OnnxOptions)}.{option}.");
}
