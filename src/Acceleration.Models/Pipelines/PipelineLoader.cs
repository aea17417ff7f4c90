namespace Acceleration.Models;

/// <summary>Loads the components of a model.</summary>
internal static class PipelineLoader
{
    private const int MostChannels = 1 << 20;
    private const string SecondNetwork = "transformer_2";
    private const string Images = "image_encoder";

    private static readonly string[] Numbers = ["", "_2", "_3"];

    public static Pipeline Load(string path, PipelineOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = Open(path, options);
        var form = FormOf(source);
        if (source.IsPredictionUnknown && options.Prediction is null)
        {
            throw new CheckpointException(source.Path, null, $"files of Stable Diffusion 2 do not say what their network predicts: set {nameof(PipelineOptions)}.{nameof(PipelineOptions.Prediction)} to {nameof(PredictionType.Velocity)} (768 pixels) or {nameof(PredictionType.Epsilon)} (base, turbo).");
        }

        if (source.Has(SecondNetwork))
        {
            throw new CheckpointException(source.Path, null, $"it has two networks, of which the second ({SecondNetwork}) takes over at low noise (Wan 2.2, A14B); such models are not supported.");
        }

        var scheduler = source.Scheduler();
        var loras = new LoraComponents(source, options.Loras);
        var made = new List<IDisposable>();
        try
        {
            var network = loras.Load(form.Network, file => Networks.Load(file, new() { DType = options.DType, Device = options.Device, Prediction = options.Prediction ?? scheduler.Prediction, Noise = scheduler.Noise }));
            made.Add(network);
            var autoencoder = Autoencoder(source, options, network.Info);
            if (autoencoder is not null)
            {
                made.Add(autoencoder);
            }

            var images = network.Info.Conditions.Any(c => c.Name == ConditionNames.Image) && source.Has(Images) ? ImageEncoderOf(source, options) : null;
            if (images is not null)
            {
                made.Add(images);
            }

            var text = form.ReadsPrompts && options.LoadsText ? Text(source, options, loras) : null;
            if (text is not null)
            {
                made.Add(text);
            }

            var encoders = text?.Fingerprint ?? (form.ReadsPrompts ? EncoderFingerprint(source, loras) : null);
            loras.RequireAllUsed();
            return new(source.Name, source.Pipeline, form, network, scheduler, autoencoder, text)
            {
                EncoderFingerprint = encoders,
                ImageEncoder = images,
                ImagePreparation = images is null ? null : Preparation(source),
                ZerosForEmptyNegative = source.Flag("force_zeros_for_empty_prompt", source.Pipeline.StartsWith("StableDiffusionXL", StringComparison.Ordinal)),
            };
        }
        catch
        {
            made.ForEach(m => m.Dispose());
            throw;
        }
    }

    /// <summary>The pictures that a model's network is conditioned on, from the headers of its files.</summary>
    public static IReadOnlyList<PictureSpec> Pictures(string path, string? variant)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = Open(path, new() { Variant = variant });
        var form = FormOf(source);
        using var file = source.Open(form.Network);
        var config = CheckpointConfig.Of(file);
        var inputs = config.Integer("in_channels", 1, MostChannels, 0);
        var outputs = config.Integer("out_channels", 1, MostChannels, inputs);
        return form.Pictures(outputs, Math.Max(0, inputs - outputs));
    }

    private static PipelineForm FormOf(IModelSource source) => PipelineForms.Find(source.Pipeline) ?? throw new CheckpointException(
        source.Path, null, $"it is a {source.Pipeline}; pipelines known are {string.Join(", ", PipelineForms.All.SelectMany(f => f.Names))}.");

    internal static IModelSource Open(string path, PipelineOptions options) =>
        Directory.Exists(path)
            ? File.Exists(Path.Combine(path, ModelIndex.FileName)) ? new ModelFolder(path, options.Variant) : throw new CheckpointException(path, null, $"this folder has no {ModelIndex.FileName}, so it is no model of diffusers' form. A folder of one component loads with {nameof(Networks)}.{nameof(Networks.Load)}.")
            : new ModelFile(path);

    /// <summary>A model whose autoencoder is of a class that is not known makes latents.</summary>
    private static IAutoencoder? Autoencoder(IModelSource source, PipelineOptions options, DenoiserInfo network)
    {
        if (options.Autoencoder is null && !source.Has("vae"))
        {
            return null;
        }

        using var file = options.Autoencoder is { } given ? Checkpoint.Open(given) : source.Open("vae");
        var name = CheckpointConfig.Of(file).ClassName;
        if (options.Autoencoder is null && name is not null && !Autoencoders.Classes.Contains(name))
        {
            return null;
        }

        var loaded = Autoencoders.Load(file, new() { DType = options.AutoencoderDType, Device = options.Device }, source.Pipeline);
        var makesFilms = network.SampleSize.Count > 3;
        if (options.Autoencoder is not null && (loaded.Info.LatentChannels != network.Channels || (loaded.Info.TakesFilms && !makesFilms)))
        {
            loaded.Dispose();
            throw new CheckpointException(file.FilePath, null, loaded.Info.LatentChannels != network.Channels
                ? $"this autoencoder has latents of {loaded.Info.LatentChannels} channels, and those of {source.Name} have {network.Channels}: it is another model's."
                : $"this autoencoder is one of films, and {source.Name} makes pictures: it is another model's.");
        }

        return options.Tiled ? new TiledAutoencoder(loaded) : loaded;
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

    private static ImageEncoder ImageEncoderOf(IModelSource source, PipelineOptions options)
    {
        using var file = source.Open(Images);
        return ImageEncoder.Load(file, new() { DType = options.TextDType ?? options.DType, Device = options.Device });
    }

    /// <summary>Pictures are prepared as is usual where a model does not say how.</summary>
    private static ImagePreparation? Preparation(IModelSource source) =>
        source.FolderOf("image_processor") is { } folder && Directory.Exists(folder) ? ImagePreparation.Load(folder) : null;

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
