using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// What lies between prompt and picture in a family: sizes, further conditions, and how the scheduler is asked. Pure rules over <see cref="PipelineParts"/>; the networks are elsewhere. A new family is one of these.
/// </summary>
public abstract class PipelineForm
{
    private const int ListedFrames = 5;

    /// <summary>The names of the pipelines as their makers call them, for example <c>StableDiffusionPipeline</c>.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Name of the component that is sampled: <c>unet</c> or <c>transformer</c>.</summary>
    public virtual string Network => "transformer";

    /// <summary>Steps where none are asked for.</summary>
    public abstract int UsualSteps { get; }

    /// <summary>Guidance scale where none is asked for; 1 where there is no guidance.</summary>
    public virtual double UsualGuidance => 1;

    /// <summary>Pixels per latent pixel along a side, where no autoencoder says it.</summary>
    public virtual int UsualScale => 8;

    /// <summary>Frames per latent frame, where no autoencoder says it.</summary>
    public virtual int UsualFrameScale => 1;

    /// <summary>What sides in pixels must be multiples of.</summary>
    public virtual int SizeMultiple(PipelineParts parts) => parts.Scale * parts.Network.SizeMultiple;

    /// <summary>The size that the network was trained for.</summary>
    public virtual PictureSize UsualSize(PipelineParts parts)
    {
        var size = parts.Network.SampleSize;
        return new((int)size[^1] * parts.Scale, (int)size[^2] * parts.Scale, size.Count > 3 ? (int)parts.FilmFrames(size[^3]) : 1);
    }

    /// <summary>The size that is sampled where another one is asked for; what is decoded is brought to that one.</summary>
    public virtual PictureSize SampledSize(PipelineParts parts, PipelineCall call, PictureSize size) => size;

    /// <summary>Size of one sample's latents, [channels, (frames,) height, width].</summary>
    /// <exception cref="ArgumentException">The size is no multiple of what it must be.</exception>
    public IReadOnlyList<long> LatentSize(PipelineParts parts, PictureSize size)
    {
        var (multiple, channels) = (SizeMultiple(parts), LatentChannels(parts));
        var video = parts.Network.SampleSize.Count > 3;
        if (size.Width < multiple || size.Height < multiple || size.Width % multiple != 0 || size.Height % multiple != 0)
        {
            throw new ArgumentException($"{Names[0]} makes pictures whose sides are multiples of {multiple}; {size} was asked for, {Nearest(size.Width)}×{Nearest(size.Height)} would be near.", nameof(size));
        }

        var frames = ShownFrames(parts, size);
        if (video ? size.Frames < 1 || parts.FilmFrames(frames) != size.Frames : size.Frames != 1)
        {
            throw new ArgumentException(video
                ? $"{Names[0]} makes films of {string.Join(", ", Enumerable.Range(1, ListedFrames).Select(f => parts.FilmFrames(f)))}, ... frames; {size.Frames} were asked for."
                : $"{Names[0]} makes single pictures; {size.Frames} frames were asked for.", nameof(size));
        }

        long high = size.Height / parts.Scale, wide = size.Width / parts.Scale, patch = parts.Network.FramePatch;
        return video ? [channels, (frames + patch - 1) / patch * patch, high, wide] : [channels, high, wide];

        int Nearest(int side) => Math.Max(1, (int)Math.Round((double)side / multiple)) * multiple;
    }

    /// <summary>Frames of the latents that a film is decoded from. The network may sample more, to fill a patch; the first ones are then left out.</summary>
    internal static long ShownFrames(PipelineParts parts, PictureSize size) => ((size.Frames - 1) / parts.FrameScale) + 1;

    /// <summary>What is asked of the scheduler.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="latents">Size of one sample's latents.</param>
    public virtual SchedulerCall Schedule(PipelineParts parts, int steps, IReadOnlyList<long> latents) => new(steps) { Mu = parts.Scheduler.Mu(Tokens(parts, latents)) };

    /// <summary>How many of the steps run where a picture is started from; published pipelines round down.</summary>
    /// <param name="steps">Steps of the whole trajectory.</param>
    /// <param name="strength">Share of it, above 0 and at most 1.</param>
    public virtual int StepsFrom(int steps, double strength) => Math.Min((int)(steps * strength), steps);

    /// <summary>The pictures that a network of this form is conditioned on; none in most.</summary>
    /// <param name="latents">Channels of the latents, as the network's configuration counts them.</param>
    /// <param name="beside">Channels that it reads beside them.</param>
    public virtual IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => [];

    /// <summary>Makes what the network reads of pictures. One condition serves both branches of guidance.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="encoders">The model's encoders of pictures.</param>
    /// <param name="size">Size of the pictures.</param>
    /// <param name="pictures">Those of <see cref="Pictures"/>, [rows or 1, 3, height, width] and masks [rows or 1, 1, height, width], in [0, 1].</param>
    /// <exception cref="ArgumentException">One is missing, is not read, or has another shape.</exception>
    /// <exception cref="InvalidOperationException">The model has no encoder for them.</exception>
    public Conditioning EncodePictures(PipelineParts parts, PictureEncoders encoders, PictureSize size, params IReadOnlyList<(PictureRole Role, Tensor Picture)> pictures)
    {
        _ = LatentSize(parts, size);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var given = GivenPictures.Checked(parts.Pipeline, Pictures(LatentChannels(parts), parts.Beside), pictures, size);
        (string Name, Tensor Tensor)[] seen = [.. Seen(parts, encoders, given, size)];
        var channels = seen.Where(s => s.Name == ConditionNames.ImageLatents).Sum(s => s.Tensor.size(1));
        return channels == parts.Beside
            ? new((int)seen.Max(s => s.Tensor.size(0)), seen)
            : throw new InvalidOperationException($"The network of this {parts.Pipeline} reads {parts.Beside} channels beside its latents; its autoencoder makes {channels}, so it belongs to another model.");
    }

    /// <summary>Adds what the network reads beside the prompt.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="encoded">The encoded prompts: <see cref="ConditionNames.Text"/> and what comes with it. Not disposed.</param>
    /// <param name="call">What is asked for.</param>
    /// <param name="size">Size of the pictures.</param>
    /// <param name="pictures">What <see cref="EncodePictures"/> made, of one row or as many as there are prompts; null for none. Not disposed.</param>
    /// <returns>A condition of its own.</returns>
    /// <exception cref="ArgumentException">The network reads pictures and there are none, or neither one nor as many as prompts.</exception>
    public Conditioning Complete(PipelineParts parts, Conditioning encoded, PipelineCall call, PictureSize size, Conditioning? pictures = null)
    {
        var (prompts, seen) = (encoded.Rows, pictures?.Rows ?? 1);
        if (prompts != seen && prompts != 1 && seen != 1)
        {
            throw new ArgumentException($"There are {prompts} prompts and {seen} pictures: give one picture for all, or one for each.", nameof(pictures));
        }

        if (pictures is null && !encoded.Names.Contains(ConditionNames.ImageLatents) && Pictures(LatentChannels(parts), parts.Beside) is { Count: > 0 } read)
        {
            throw new ArgumentException($"This model ({parts.Pipeline}) reads {string.Join(", ", read)}: give what {nameof(EncodePictures)} makes of it.", nameof(pictures));
        }

        using var scope = NewDisposeScope();
        var rows = Math.Max(prompts, seen);
        IEnumerable<Conditioning> all = pictures is null ? [encoded] : [encoded, pictures];
        return new(rows, [.. all.SelectMany(c => c.Names.Select(n => (n, c[n].alias()))), .. Further(parts, rows, call, size)]);
    }

    /// <summary>Encodes prompts as the networks of this form were trained to read them.</summary>
    /// <param name="text">The model's encoders.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="prompts">The prompts, one for each sample or one for all.</param>
    /// <param name="call">How they are read: <see cref="PipelineCall.ClipSkip"/>, <see cref="PipelineCall.CleansCaptions"/>.</param>
    public virtual EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call) =>
        throw new NotSupportedException($"{Names[0]} reads no prompts.");

    /// <summary>Whether the last layers of CLIP can be left out: <see cref="PipelineCall.ClipSkip"/>.</summary>
    public virtual bool SkipsClipLayers => false;

    /// <summary>Whether this form reads prompts.</summary>
    public virtual bool ReadsPrompts => true;

    /// <summary>The conditions that <see cref="Complete"/> adds, by name; made in the caller's scope.</summary>
    protected virtual IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) => [];

    /// <summary>The conditions that <see cref="EncodePictures"/> makes, by name; made in the caller's scope.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="encoders">The model's encoders of pictures.</param>
    /// <param name="pictures">Those of <see cref="Pictures"/>, float32 in [0, 1], all of the same number of rows.</param>
    /// <param name="size">Size of the pictures.</param>
    protected virtual IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size) => [];

    /// <summary>Channels of the latents.</summary>
    protected virtual long LatentChannels(PipelineParts parts) => parts.Network.Channels;

    /// <summary>The network's image tokens.</summary>
    protected static int Tokens(PipelineParts parts, IReadOnlyList<long> latents) => (int)parts.Network.Layout(latents).Tokens;

    /// <summary>One row of numbers for each sample.</summary>
    protected static Tensor Rows(int rows, params float[] numbers) => tensor(numbers).unsqueeze(0).expand(rows, numbers.Length);
}
