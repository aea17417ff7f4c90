using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// A whole model from its own files: network, scheduler, autoencoder and text encoders, and the rules of its family between prompt and picture. Sampling goes through one <see cref="Sampler"/>, to which strategies, plans
/// and guidance apply as to any other.
/// </summary>
/// <remarks>May serve several requests at once; weights are read only.</remarks>
public sealed partial class Pipeline : IDisposable
{
    private readonly string _class;

    internal Pipeline(string name, string className, PipelineForm form, IDenoiser network, Scheduler scheduler, IAutoencoder? autoencoder, PromptEncoders? text)
    {
        (Name, _class, Form, Network, Scheduler, Autoencoder, Text) = (name, className, form, network, scheduler, autoencoder, text);
        Parts = new(className, network.Info, scheduler, autoencoder?.Info.Factor ?? form.UsualScale, autoencoder?.Info.FrameFactor ?? form.UsualFrameScale) { Autoencoder = autoencoder?.Info };
    }

    /// <summary>What people call the model: the name of its folder or file.</summary>
    public string Name { get; }

    /// <summary>The rules of its family.</summary>
    public PipelineForm Form { get; }

    /// <summary>The network.</summary>
    public IDenoiser Network { get; }

    /// <summary>The scheduler that was published with it.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>What turns latents into pictures; null where latents are pictures, or the model's class of it is not supported.</summary>
    public IAutoencoder? Autoencoder { get; }

    /// <summary>The text encoders; null where there are none or they were not wanted.</summary>
    public PromptEncoders? Text { get; }

    /// <summary>Tells the model's text encoders from others, also where they are not loaded, for <see cref="PromptEmbeddings.RequireEncoder"/>; null where its files hold none.</summary>
    public string? EncoderFingerprint { get; internal init; }

    /// <summary>What the rules depend on.</summary>
    public PipelineParts Parts { get; }

    /// <summary>Whether an empty negative prompt means zeros instead of the encoded empty text, as SDXL's configuration says.</summary>
    internal bool ZerosForEmptyNegative { get; init; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">A folder with a model_index.json, or a .safetensors file in the layout of an original release (Stable Diffusion 1, 2, XL, FLUX).</param>
    /// <param name="options">Types, device and changes; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">A file is missing, malformed or of something else; its message names it.</exception>
    /// <exception cref="SchedulerConfigException">The scheduler's configuration is not understood.</exception>
    public static Pipeline Load(string path, PipelineOptions? options = null) => PipelineLoader.Load(path, options ?? new());

    /// <summary>Whether a path is a whole model: a folder with a model_index.json, or a single file of an original release.</summary>
    /// <exception cref="CheckpointException">It is a .safetensors file that cannot be read.</exception>
    public static bool IsModel(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            return File.Exists(Path.Combine(path, ModelIndex.FileName));
        }

        if (!File.Exists(path) || !path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        using var file = SafetensorsFile.Open(path);
        return SingleFileModel.Of(file) is not null;
    }

    /// <summary>Describes the sampler for a call: the published scheduler's steps and guidance. Add strategies, or a plan, and build it.</summary>
    /// <param name="call">What is asked for.</param>
    /// <exception cref="ArgumentException">The size or the steps do not fit.</exception>
    public SamplerBuilder Describe(PipelineCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var builder = Sampler.For(Network).Solve(Scheduler, Form.Schedule(Parts, call.Steps ?? Form.UsualSteps, LatentSize(call)));
        return GuidanceOf(call) is var scale && scale != 1 ? builder.Guidance(scale) : builder;
    }

    /// <summary>Describes the sampler for a call that starts from a picture.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="start">Where it starts, made for the same call.</param>
    public SamplerBuilder Describe(PipelineCall call, PictureStart start)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(start);
        var builder = Sampler.For(Network).Solve(Scheduler.Solver, start.Schedule, Scheduler.Clip);
        if (GuidanceOf(call) is var scale && scale != 1)
        {
            builder.Guidance(scale);
        }

        return start.Mask is { } mask ? builder.Use(mask) : builder;
    }

    /// <summary>The scale of guidance of a call; 1 where the network has no unconditional branch, or was distilled to be told its scale.</summary>
    public double GuidanceOf(PipelineCall call) => call?.Guidance ?? (Network.Info.HasUnconditional && !Parts.Reads(ConditionNames.GuidanceEmbedding) ? Form.UsualGuidance : 1);

    /// <summary>Size of the pictures of a call.</summary>
    public PictureSize SizeOf(PipelineCall call) => call.Size ?? Form.UsualSize(Parts);

    /// <summary>Size that is sampled for a call: that of the pictures, but in families that are better at the sizes they were trained on.</summary>
    public PictureSize SampledSizeOf(PipelineCall call) => Form.SampledSize(Parts, call, SizeOf(call));

    /// <summary>Size of one sample's latents.</summary>
    /// <exception cref="ArgumentException">The size does not fit.</exception>
    public IReadOnlyList<long> LatentSize(PipelineCall call) => Form.LatentSize(Parts, SampledSizeOf(call));

    /// <summary>Encodes prompts.</summary>
    /// <exception cref="InvalidOperationException">The text encoders are not loaded.</exception>
    public EncodedPrompts Encode(params IReadOnlyList<string> prompts) => Encode(new PipelineCall(), prompts);

    /// <summary>Encodes prompts for a call, which says how they are read.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="prompts">The prompts.</param>
    /// <exception cref="ArgumentException">It asks for what prompts of this family are not read with.</exception>
    /// <exception cref="InvalidOperationException">The text encoders are not loaded.</exception>
    public EncodedPrompts Encode(PipelineCall call, params IReadOnlyList<string> prompts)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Text is null ? throw new InvalidOperationException(Form.ReadsPrompts ? $"{Name} was loaded without text encoders: give encoded prompts." : $"{Name} reads no prompts.")
            : call.ClipSkip > 0 && !Form.SkipsClipLayers ? throw new ArgumentException(
                $"{nameof(PipelineCall.ClipSkip)}: a {_class} reads the last layers of its encoders; layers are skipped by {string.Join(", ", PipelineForms.All.Where(f => f.SkipsClipLayers).Select(f => f.Names[0]))}.", nameof(call))
            : Form.Encode(Text, Parts, prompts, call);
    }

    /// <summary>Encodes negative prompts; null stands for none, which some models take as zeros and others as an empty text.</summary>
    /// <param name="prompts">The negative prompts; null for none.</param>
    /// <param name="like">The encoded prompts, for the form of zeros.</param>
    /// <param name="call">How they are read; null for the usual way. Its <see cref="PipelineCall.ClipSkip"/> is the prompts' alone.</param>
    public EncodedPrompts EncodeNegative(IReadOnlyList<string>? prompts, EncodedPrompts like, PipelineCall? call = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (prompts is not null || !ZerosForEmptyNegative)
        {
            return Encode((call ?? new()) with { ClipSkip = 0 }, prompts ?? [.. Enumerable.Repeat("", like.Condition.Rows)]);
        }

        using var scope = NewDisposeScope();
        return new(new(like.Condition.Rows, [.. like.Condition.Names.Select(n => (n, zeros_like(like.Condition[n])))]), [.. like.Cut.Select(_ => 0)]);
    }

    /// <summary>Adds to encoded prompts what the network reads beside them.</summary>
    /// <param name="encoded">The encoded prompts. Not disposed.</param>
    /// <param name="call">What is asked for.</param>
    /// <param name="pictures">What <see cref="EncodePictures"/> made, in models that are conditioned on pictures: of one row for all prompts, or one row for each. Not disposed.</param>
    /// <exception cref="ArgumentException">The pictures are missing, or not as many as there are prompts.</exception>
    public Conditioning Complete(Conditioning encoded, PipelineCall call, Conditioning? pictures = null) => Form.Complete(Parts, encoded, call, SampledSizeOf(call), pictures);

    /// <summary>Turns latents into pictures.</summary>
    /// <param name="latents">[samples, channels, (frames,) height, width], as a sampler returns them.</param>
    /// <param name="size">
    /// Size of the pictures where it is another than the latents': <see cref="SizeOf"/>. They are brought to it, and what is too much on two sides is cut off; latent frames that were only there to fill a patch are left out. Null for
    /// the latents'.
    /// </param>
    /// <returns>[samples, 3, height, width] or [samples, 3, frames, height, width] in [0, 1], float32.</returns>
    /// <exception cref="InvalidOperationException">The model has no autoencoder that is supported.</exception>
    public Tensor Decode(Tensor latents, PictureSize? size = null)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return DecodedPictures.Fitted(DecodedPictures.Of(this, DecodedPictures.Shown(this, latents, size)), size).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Autoencoder?.Dispose();
        ImageEncoder?.Dispose();
        Text?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({_class})";
}
