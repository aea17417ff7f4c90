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

    public static bool IsOnnx(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || Path.GetFileName(path) == OnnxSplitter.ManifestName
        || (Directory.Exists(path) && (File.Exists(Path.Combine(path, OnnxSplitter.ManifestName)) || Directory.EnumerateFiles(path, "*.onnx").Any()));

    /// <exception cref="ToolException">An argument is malformed.</exception>
    public OnnxOptions Read(ParseResult parsed) => new()
    {
        Inputs = Table(parsed.GetValue(Inputs) ?? []),
        Prediction = parsed.GetValue(Prediction) is { } said
            ? Enum.TryParse<PredictionType>(said, ignoreCase: true, out var kind) && !int.TryParse(said, out _) ? kind : throw new ToolException($"--prediction {said}: there are {string.Join(", ", Predictions)}.")
            : null,

        // What a file leaves open matters to a sampler, not to looking at a model or splitting it.
        Noise = NoiseTable.Make(BetaSchedule.Linear),
        Provider = parsed.GetValue(Provider) is { } name ? OnnxProvider.Named(name) : OnnxProvider.Cpu,
    };

    /// <summary>Refuses them for what is no ONNX model.</summary>
    /// <exception cref="ToolException">One of them is given.</exception>
    public void RequireNone(ParseResult parsed)
    {
        var given = parsed.GetValue(Inputs) is { Length: > 0 } ? Inputs.Name : parsed.GetValue(Prediction) is not null ? Prediction.Name : parsed.GetValue(Provider) is not null ? Provider.Name : null;
        if (given is not null)
        {
            throw new ToolException($"{given} is for ONNX models: an .onnx file, a folder that holds one, or one that was split.");
        }
    }

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
