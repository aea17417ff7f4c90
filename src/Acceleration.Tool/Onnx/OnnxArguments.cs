using System.CommandLine;
using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What a model's files do not say, for commands that load one.</summary>
internal sealed class OnnxArguments
{
    private static readonly string[] Predictions = [.. Enum.GetNames<PredictionType>().Select(n => n.ToLowerInvariant())];

    public Option<string[]> Inputs { get; } = new("--input")
    {
        Description = "Of an ONNX model: what an input is that is not recognised, NAME=latents, NAME=packed-latents, NAME=timestep, NAME=a number, or NAME=the name of a condition. Repeat it for several.",
    };

    public Option<string?> Prediction { get; } = new("--prediction") { Description = $"Of an ONNX model: what the network predicts, where no scheduler_config.json says it: {string.Join(", ", Predictions)}." };

    public Option<string?> Provider { get; } = new("--provider") { Description = "Of an ONNX model: the execution provider, such as CPU or CUDA (default CPU)." };

    public IEnumerable<Option> All => [Inputs, Prediction, Provider];

    /// <summary>Whether a path leads to a model that <see cref="OnnxDenoiser.Load"/> takes. A checkpoint in its folder, which a graph may have its weights in, does not make it another.</summary>
    public static bool IsOnnx(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || Path.GetFileName(path) == OnnxSplitter.ManifestName
        || (Directory.Exists(path) && (File.Exists(Path.Combine(path, OnnxSplitter.ManifestName)) || Holds(path, "*.onnx") || IsExport(path)));

    /// <summary>For commands that sample: null where the model is none of ONNX, whose options are refused then.</summary>
    /// <exception cref="ToolException">An argument is malformed, or for another kind of model.</exception>
    public OnnxOptions? Sampled(ParseResult parsed, string path)
    {
        if (IsOnnx(path))
        {
            // Counted, because reports tell multiply-adds.
            return Read(parsed) with { AssumedNoise = null, CountsWork = true };
        }

        RequireNone(parsed);
        return null;
    }

    /// <exception cref="ToolException">An argument is malformed.</exception>
    public OnnxOptions Read(ParseResult parsed) => new()
    {
        Inputs = Table(parsed.GetValue(Inputs) ?? []),
        Prediction = parsed.GetValue(Prediction) is { } said
            ? Enum.TryParse<PredictionType>(said, ignoreCase: true, out var kind) && !int.TryParse(said, out _) ? kind : throw new ToolException($"--prediction {said}: there are {string.Join(", ", Predictions)}.")
            : null,

        // What a file leaves open matters to a sampler, not to looking at a model or splitting it.
        AssumedNoise = NoiseTable.Make(BetaSchedule.Linear),
        Provider = parsed.GetValue(Provider) is { } name ? OnnxProvider.Named(name) : OnnxProvider.Cpu,
    };

    /// <summary>The library's message, with the option that says here what it asks for.</summary>
    public static string Said(string message)
    {
        (string Names, string Here)[] options =
        [
            ($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.Inputs)}", "--input NAME=WHAT"),
            ($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.Prediction)}", "--prediction"),
            ($"{nameof(SamplingRequest)}.{nameof(SamplingRequest.Negative)}", $"a tensor in the file of {ConditionsOption.Name} for each condition, with 'negative.' before its name"),
        ];
        return options.FirstOrDefault(o => message.Contains(o.Names, StringComparison.Ordinal)).Here is { } here ? $"{message} Here that is {here}." : message;
    }

    /// <summary>Refuses them for what is no ONNX model.</summary>
    /// <exception cref="ToolException">One of them is given.</exception>
    public void RequireNone(ParseResult parsed)
    {
        var given = parsed.GetValue(Inputs) is { Length: > 0 } ? Inputs.Name : parsed.GetValue(Prediction) is not null ? Prediction.Name : parsed.GetValue(Provider) is not null ? Provider.Name : null;
        if (given is not null)
        {
            throw OnlyHere(given);
        }
    }

    /// <summary>Refuses another option for what is no ONNX model.</summary>
    /// <exception cref="ToolException">It is given.</exception>
    public static void RequireFor(OnnxOptions? onnx, string option, string? value)
    {
        if (onnx is null && value is not null)
        {
            throw OnlyHere(option);
        }
    }

    private static ToolException OnlyHere(string option) => new($"{option} is for ONNX models: an .onnx file, a folder that holds one, or one that was split.");

    // The folder of a pipeline whose network has no weights that TorchSharp could take instead.
    private static bool IsExport(string path) =>
        new[] { "transformer", "unet" }.Select(n => Path.Combine(path, n)).Where(Directory.Exists).Any(n => Holds(n, "*.onnx") && !Holds(n, "*.safetensors"));

    private static bool Holds(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern).Any();

    private static Dictionary<string, OnnxInput> Table(IEnumerable<string> said)
    {
        var table = new Dictionary<string, OnnxInput>();
        foreach (var (name, what) in said.Select(Input))
        {
            if (!table.TryAdd(name, what))
            {
                throw new ToolException($"--input {name} is said twice: it is {table[name]}, or {what}.");
            }
        }

        return table;
    }

    private static KeyValuePair<string, OnnxInput> Input(string text)
    {
        var at = text.IndexOf('=');
        if (at < 1 || at == text.Length - 1)
        {
            throw new ToolException($"--input {text}: NAME=WHAT is expected, for example --input context=text.");
        }

        var what = text[(at + 1)..];
        return new(text[..at], what switch
        {
            "latents" => OnnxInput.Latents,
            "packed-latents" => OnnxInput.PackedLatents,
            "timestep" => OnnxInput.Timestep,
            _ when double.TryParse(what, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => OnnxInput.Constant(number),
            _ => OnnxInput.Condition(what),
        });
    }
}
