namespace Acceleration.Models;

/// <summary>Loads the components of a model.</summary>
internal static class PipelineLoader
{
    private static readonly string[] Numbers = ["", "_2", "_3"];

    public static Pipeline Load(string path, PipelineOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = Open(path, options);
        var form = PipelineForms.Find(source.Pipeline) ?? throw new CheckpointException(
            source.Path, null, $"it is a {source.Pipeline}; pipelines known are {string.Join(", ", PipelineForms.All.SelectMany(f => f.Names))}.");
        if (source.IsPredictionUnknown && options.Prediction is null)
        {
            throw new CheckpointException(source.Path, null, $"files of Stable Diffusion 2 do not say what their network predicts: set {nameof(PipelineOptions)}.{nameof(PipelineOptions.Prediction)} to {nameof(PredictionType.Velocity)} (768 pixels) or {nameof(PredictionType.Epsilon)} (base, turbo).");
        }

        var scheduler = source.Scheduler();
        var loras = new LoraComponents(source, options.Loras);
        var made = new List<IDisposable>();
        try
        {
            var network = loras.Load(form.Network, file => Networks.Load(file, new() { DType = options.DType, Device = options.Device, Prediction = options.Prediction ?? scheduler.Prediction, Noise = scheduler.Noise }));
            made.Add(network);
            var autoencoder = source.Has("vae") ? Autoencoder(source, options) : null;
            if (autoencoder is not null)
            {
                made.Add(autoencoder);
            }

            var text = form.ReadsPrompts && options.LoadsText ? Text(source, options, loras) : null;
            if (text is not null)
            {
                made.Add(text);
            }

            var encoders = text?.Fingerprint ?? (form.ReadsPrompts ? EncoderFingerprint(source, loras) : null);
            loras.RequireAllUsed();
            return new(source.Name, source.Pipeline, form, network, scheduler, autoencoder, text) { EncoderFingerprint = encoders, ZerosForEmptyNegative = source.Flag("force_zeros_for_empty_prompt", source.Pipeline.StartsWith("StableDiffusionXL", StringComparison.Ordinal)) };
        }
        catch
        {
            made.ForEach(m => m.Dispose());
            throw;
        }
    }

    internal static IModelSource Open(string path, PipelineOptions options) =>
        Directory.Exists(path)
            ? File.Exists(Path.Combine(path, ModelIndex.FileName)) ? new ModelFolder(path, options.Variant) : throw new CheckpointException(path, null, $"this folder has no {ModelIndex.FileName}, so it is no model of diffusers' form. A folder of one component loads with {nameof(Networks)}.{nameof(Networks.Load)}.")
            : new ModelFile(path);

    /// <summary>A model whose autoencoder is of a class that is not known makes latents.</summary>
    private static IAutoencoder? Autoencoder(IModelSource source, PipelineOptions options)
    {
        using var file = source.Open("vae");
        var name = CheckpointConfig.Of(file).ClassName;
        return name is null || Autoencoders.Classes.Contains(name) ? Autoencoders.Load(file, new() { DType = options.AutoencoderDType, Device = options.Device }) : null;
    }

    /// <summary>As <see cref="PromptEncoders.Fingerprint"/>, of encoders that are not loaded; null where one is not there.</summary>
    private static string? EncoderFingerprint(IModelSource source, LoraComponents loras)
    {
        try
        {
            string[] all = [.. Numbers.Select(n => source.Has("text_encoder" + n) ? loras.Load("text_encoder" + n, file => file.Fingerprint()) : PromptEncoders.Missing)];
            return all.All(f => f == PromptEncoders.Missing) ? null : string.Join('+', all);
        }
        catch (CheckpointException)
        {
            // Whoever keeps prompts encoded may have deleted what encoded them.
            return null;
        }
    }

    private static PromptEncoders? Text(IModelSource source, PipelineOptions options, LoraComponents loras)
    {
        var all = new List<(PromptTokenizer, TextEncoder)?>();
        try
        {
            foreach (var number in Numbers)
            {
                all.Add(source.Has("text_encoder" + number) && Tokenizer(source, options, number) is { } tokenizer
                    ? (tokenizer, loras.Load("text_encoder" + number, file => TextEncoder.Load(file, new() { DType = options.TextDType ?? options.DType, Device = options.Device })))
                    : null);
            }
        }
        catch
        {
            new PromptEncoders(all).Dispose();
            throw;
        }

        return all.TrueForAll(e => e is null) ? null : new(all);
    }

    private static PromptTokenizer? Tokenizer(IModelSource source, PipelineOptions options, string number)
    {
        var folder = options.Tokenizers is { } given ? Path.Combine(given, "tokenizer" + number) : source.FolderOf("tokenizer" + number);
        return folder is null
            ? null // A single file has no tokenizers; prompts then come encoded.
            : PromptTokenizer.Load(folder);
    }
}
