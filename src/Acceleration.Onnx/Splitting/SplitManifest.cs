using System.Text.Json;
using System.Text.Json.Serialization;

namespace Acceleration.Onnx;

/// <summary>A graph of a split model.</summary>
/// <param name="File">Its file, beside the manifest.</param>
/// <param name="Inputs">Values that it reads, the stream's first.</param>
/// <param name="Outputs">Values that it makes.</param>
/// <param name="Cost">Multiply-adds of one row.</param>
internal sealed record SplitPart(string File, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, CostModel Cost);

/// <summary>What is added to the stream.</summary>
/// <param name="Kind">What it is: attention, or a feed-forward part.</param>
/// <param name="Part">Its graph, which makes what is added to the image's tensor, then to the text's, where it is; after these the sums.</param>
/// <param name="ReadsText">Whether it is given the text's tensor after the image's.</param>
/// <param name="IsJoint">Whether it is given both as one tensor.</param>
internal sealed record SplitBranch(SiteKind Kind, SplitPart Part, bool ReadsText, bool IsJoint)
{
    /// <summary>Which outputs are added to the stream.</summary>
    [JsonIgnore]
    public Range Added => ..(Part.Outputs.Count / 2);

    /// <summary>Which are the stream with these added.</summary>
    [JsonIgnore]
    public Range Sums => (Part.Outputs.Count / 2)..;
}

/// <summary>A block of the chain.</summary>
/// <param name="Branches">Its branches in order.</param>
internal sealed record SplitBlock(IReadOnlyList<SplitBranch> Branches);

/// <summary>The chain of blocks.</summary>
/// <param name="Main">What the image's tensor begins as.</param>
/// <param name="Text">What the text's begins as; null where it is none of the stream.</param>
/// <param name="Place">Where the text stands in a joint tensor.</param>
/// <param name="EndsJoint">Whether what follows the chain is given the joint tensor.</param>
/// <param name="Blocks">The blocks.</param>
internal sealed record SplitChain(string Main, string? Text, TextPlace Place, bool EndsJoint, IReadOnlyList<SplitBlock> Blocks);

/// <summary>A cut of a UNet.</summary>
/// <param name="Skip">The value that the skip connection carries, with which it begins.</param>
/// <param name="Output">What it makes.</param>
/// <param name="Down">From here to the next cut; null for the innermost.</param>
/// <param name="Up">From what the next cut makes, and what it was given, to the output; of the innermost all of it.</param>
/// <param name="Channels">Channels of the output.</param>
/// <param name="KeepsSize">Whether its output has the size of its input.</param>
internal sealed record SplitCut(string Skip, string Output, SplitPart? Down, SplitPart Up, long Channels, bool KeepsSize);

/// <summary>A split model: which graph is what.</summary>
/// <param name="Model">The whole model's file, for its name.</param>
/// <param name="Output">The prediction.</param>
/// <param name="PerRow">Values whose first dimension is the rows, of those that graphs are told.</param>
/// <param name="Prelude">All before the stream, and what several parts are told.</param>
/// <param name="Chain">Its chain of blocks; null for a UNet.</param>
/// <param name="Cuts">Its cuts, outermost first; empty for a transformer.</param>
/// <param name="Tail">From the end of the stream to the prediction.</param>
internal sealed record SplitManifest(string Model, string Output, IReadOnlyList<string> PerRow, SplitPart Prelude, SplitChain? Chain, IReadOnlyList<SplitCut> Cuts, SplitPart Tail)
{
    /// <summary>Of this form of the file.</summary>
    public const int Version = 3;

    private const int LongestText = 1 << 24;
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Which form of the file it is.</summary>
    public int Format { get; init; } = Version;

    /// <summary>Why the parts take pictures of one size where the whole takes others; null where they take what it takes.</summary>
    public string? OneSize { get; init; }

    /// <summary>All graphs.</summary>
    [JsonIgnore]
    public IEnumerable<SplitPart> Parts => [Prelude, .. Chain?.Blocks.SelectMany(b => b.Branches).Select(b => b.Part) ?? [], .. Cuts.SelectMany(c => new[] { c.Down, c.Up }).OfType<SplitPart>(), Tail];

    /// <exception cref="OnnxException">It is malformed, or of a form that this version does not know.</exception>
    public static SplitManifest Read(string file)
    {
        try
        {
            var text = BoundedText.Read(file, LongestText, "manifest", reason => new OnnxException(file, reason));

            // Another form has other members, of which only the number is sure.
            if (JsonSerializer.Deserialize<Numbered>(text, Numbered.Read)?.Format is { } format and not Version)
            {
                throw new OnnxException(file, $"it is of form {format}, and this version reads {Version}: split the model again.");
            }

            var manifest = JsonSerializer.Deserialize<SplitManifest>(text, Form) ?? throw new OnnxException(file, "it is empty.");
            if (ManifestProblem.Of(manifest) is { } problem)
            {
                throw new OnnxException(file, $"{problem} Split the model again.");
            }

            RequireParts(file, manifest);
            return manifest;
        }
        catch (JsonException e)
        {
            throw new OnnxException(file, $"it is no manifest of a split model: {e.Message}", e);
        }
        catch (IOException e) when (e is not OnnxException)
        {
            throw new OnnxException(file, $"it cannot be read: {e.Message}", e);
        }
    }

    private static void RequireParts(string file, SplitManifest manifest)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (manifest.Parts.Select(p => Path.Combine(folder, p.File)).FirstOrDefault(p => !File.Exists(p)) is { } missing)
        {
            throw new OnnxException(missing, $"the file does not exist, and '{file}' names it as a part. Split the model again.");
        }
    }

    public void Write(string file)
    {
        var draft = file + ".tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, Form));
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>What every form of the file has.</summary>
    private sealed record Numbered(long? Format = null)
    {
        public static JsonSerializerOptions Read { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    }
}
