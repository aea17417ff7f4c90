using System.CommandLine;
using System.Globalization;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The options of <c>generate</c> that only whole models have: prompts, sizes, pictures to start from.</summary>
internal sealed class ModelOptions
{
    private const int MostPixels = 1 << 14;
    private const int MostPictures = 10_000;

    private readonly Option<string[]> _prompts = new("--prompt", "-p") { Description = "What the pictures shall show; several give a picture each." };
    private readonly Option<string?> _negative = new("--negative") { Description = "What they shall not show." };
    private readonly Option<string?> _size = new("--size") { Description = "Size in pixels: 1024x768, and 1024x768x49 for 49 frames of a film." };
    private readonly Option<long?> _count = NumberOption.Whole("--count", "Pictures of each prompt; of an ONNX model, of each label or row of conditions (default 1).", 1, MostPictures);
    private readonly Option<double?> _embedded = NumberOption.Finite("--embedded-guidance", "The scale that a distilled network is told (FLUX dev: 3.5).");
    private readonly Option<long?> _clipSkip = NumberOption.Whole("--clip-skip", "Layers of CLIP to leave out for the prompt (Stable Diffusion 1, 2, XL, 3; default 0).", 0, 100);
    private readonly Option<bool> _rawCaptions = new("--raw-captions") { Description = "Leave prompts of PixArt and Latte as they are, instead of cleaning them as the captions of training were." };
    private readonly Option<string?> _embeddings = new("--embeddings") { Description = "Encoded prompts to read (.safetensors), instead of prompts." };
    private readonly Option<string?> _saveEmbeddings = new("--save-embeddings") { Description = "Where to keep the encoded prompts (.safetensors)." };
    private readonly Option<string?> _image = new("--image") { Description = "A picture to start from; of models that are conditioned on one, the picture that is made anew in part, or a film's first frame." };
    private readonly Option<string?> _mask = new("--mask") { Description = "A picture that is white where --image is made anew." };
    private readonly Option<string?> _control = new("--control") { Description = "A picture of edges or depths, for models that are conditioned on one (FLUX Canny, Depth)." };
    private readonly Option<string?> _lastImage = new("--last-image") { Description = "A film's last frame, for models that are conditioned on one." };
    private readonly Option<double?> _strength = NumberOption.Finite("--strength", "How much of --image is made anew, above 0 and at most 1 (default 0.8; 1 with --mask).");
    private readonly Option<string[]> _loras = new("--lora") { Description = "Low-rank changes to merge in: FILE or FILE:SCALE." };
    private readonly Option<string?> _variant = new("--variant") { Description = "Which of several forms of the weights, such as fp16." };
    private readonly Option<string?> _predicts = PredictsOption.Make();
    private readonly Option<string?> _tokenizers = new("--tokenizers") { Description = "Folder with the tokenizers of a single file." };
    private readonly Option<string?> _autoencoder = new("--autoencoder") { Description = "An autoencoder to take instead of the model's: a .safetensors file or a folder." };
    private readonly Option<bool> _tiled = new("--tiled") { Description = "Decode large pictures tile by tile, in little memory." };
    private readonly Option<string> _device = new("--device") { Description = "Where to compute: cpu, cuda, cuda:1 (default cpu).", DefaultValueFactory = _ => "cpu" };

    public IEnumerable<Option> All =>
    [
        _prompts, _negative, _size, _count, _embedded, _clipSkip, _rawCaptions, _embeddings, _saveEmbeddings, _image, _mask, _control, _lastImage, _strength, _loras, _variant, _predicts, _tokenizers, _autoencoder, _tiled, _device,
    ];

    /// <summary>Those that <c>compare</c> has too.</summary>
    public IEnumerable<Option> OfComparisons => All.Except([_saveEmbeddings, _strength]);

    /// <summary>Refuses them all where the model is no whole one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">What it names.</param>
    /// <param name="counts">Whether pictures are counted all the same.</param>
    /// <exception cref="ToolException">One was given.</exception>
    public void RequireNone(ParseResult parsed, string model, bool counts = false)
    {
        if (All.Where(o => !counts || o != _count).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } foreign)
        {
            throw new ToolException($"{foreign.Name} is for whole models: a folder with a model_index.json, or a single file of Stable Diffusion or FLUX. '{model}' is {(Directory.Exists(model) ? "a folder without one" : "neither")}.");
        }
    }

    /// <summary>Pictures of each prompt, label or row.</summary>
    public int Count(ParseResult parsed) => (int)(parsed.GetValue(_count) ?? 1);

    /// <summary>What was asked for.</summary>
    /// <exception cref="ToolException">Options do not fit together.</exception>
    public ModelSettings Read(ParseResult parsed, string model, SamplerChoice sampler, string? plan, long seed, string folder, int? batch, string dtype, bool fast, long[]? labels, int previews = 0, bool resume = false)
    {
        var strength = parsed.GetValue(_strength);
        return strength is null or (> 0 and <= 1)
            ? new()
            {
                Model = model,
                Prompts = parsed.GetValue(_prompts) ?? [],
                Negative = parsed.GetValue(_negative),
                Labels = labels is { Length: > 0 } ? labels : null,
                Count = Count(parsed),
                Call = new() { Size = Size(parsed.GetValue(_size)), Steps = sampler.Steps, Guidance = sampler.Guidance, EmbeddedGuidance = parsed.GetValue(_embedded), ClipSkip = (int)(parsed.GetValue(_clipSkip) ?? 0), CleansCaptions = !parsed.GetValue(_rawCaptions) },
                Plan = plan,
                Sampler = sampler,
                Seed = seed,
                Folder = folder,
                Batch = batch ?? 1,
                Previews = previews,
                Resume = resume,
                Embeddings = parsed.GetValue(_embeddings),
                SaveEmbeddings = parsed.GetValue(_saveEmbeddings),
                Image = parsed.GetValue(_image),
                Mask = parsed.GetValue(_mask),
                Control = parsed.GetValue(_control),
                LastImage = parsed.GetValue(_lastImage),
                Strength = strength,
                Loras = parsed.GetValue(_loras) ?? [],
                Fast = fast,
                Options = new()
                {
                    DType = dtype == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32,
                    Device = device(parsed.GetValue(_device)!),
                    Variant = parsed.GetValue(_variant),
                    Prediction = PredictsOption.Read(parsed.GetValue(_predicts)),
                    Tokenizers = parsed.GetValue(_tokenizers),
                    Autoencoder = parsed.GetValue(_autoencoder),
                    Tiled = parsed.GetValue(_tiled),
                    LoadsText = parsed.GetValue(_embeddings) is null,
                },
            }
            : throw new ToolException($"--strength takes a number above 0 and at most 1, not {strength.Value.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static PictureSize? Size(string? text)
    {
        if (text is null)
        {
            return null;
        }

        int?[] parts = [.. text.Split('x', 'X', '×').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MostPixels ? n : (int?)null)];
        return parts is [{ } width, { } height] ? new(width, height)
            : parts is [{ } wide, { } high, { } frames] ? new(wide, high, frames)
            : throw new ToolException($"--size takes pixels such as 1024x768, each side at most {MostPixels}, and frames behind them for a film; not '{text}'.");
    }
}
