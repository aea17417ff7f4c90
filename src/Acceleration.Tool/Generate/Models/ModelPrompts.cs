using System.Diagnostics;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>What the pictures of a run are conditioned on: prompts encoded once, embeddings from a file, labels, or nothing.</summary>
internal sealed class ModelPrompts : IDisposable
{
    private readonly Conditioning _condition;
    private readonly Conditioning? _negative;
    private readonly IReadOnlyList<string> _texts;
    private readonly int _copies;

    private ModelPrompts(Conditioning condition, Conditioning? negative, IReadOnlyList<string> texts, int copies)
    {
        (_condition, _negative, _texts, _copies) = (condition, negative, texts, copies);
    }

    /// <summary>Pictures.</summary>
    public int Count => _condition.Rows * _copies;

    /// <summary>Seconds of encoding.</summary>
    public double Seconds { get; private init; }

    /// <summary>What the user should know of the prompts.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <exception cref="ToolException">The model asks for something else than was given.</exception>
    public static ModelPrompts Of(Pipeline pipeline, ModelSettings settings)
    {
        if (pipeline.Form.ReadsPrompts ? settings.Labels is not null : settings.Prompts.Count > 0 || settings.Negative is not null || settings.Embeddings is not null)
        {
            throw new ToolException(pipeline.Form.ReadsPrompts ? $"--labels: {pipeline.Name} reads prompts; use --prompt." : $"{pipeline.Name} reads no prompts{(pipeline.Network.Info.Classes > 0 ? "; use --labels" : "")}.");
        }

        if (settings.Call.ClipSkip > 0 && !pipeline.Form.SkipsClipLayers)
        {
            throw new ToolException($"--clip-skip: {pipeline.Name} is a {pipeline.Parts.Pipeline}, which reads no layers of CLIP before the last; {string.Join(", ", PipelineForms.All.Where(f => f.SkipsClipLayers).Select(f => f.Names[0]))} do.");
        }

        if (!settings.Call.CleansCaptions && pipeline.Form is not (PixArtForm or LatteForm))
        {
            throw new ToolException($"--raw-captions: {pipeline.Name} is a {pipeline.Parts.Pipeline}, whose prompts are not cleaned; those of PixArt and Latte are.");
        }

        if (!pipeline.Form.ReadsPrompts)
        {
            return pipeline.Network.Info.Classes > 0
                ? new(Conditioning.Labels(LabelsOption.For(pipeline.Network, settings.Labels)), null, [], settings.Count)
                : new(Conditioning.None(settings.Count), null, [], 1);
        }

        if (settings.Embeddings is { } path)
        {
            return settings is { Prompts.Count: 0, Negative: null, Call: { ClipSkip: 0, CleansCaptions: true } } ? FromFile(pipeline, path, settings) : throw new ToolException("--embeddings stand for prompts; leave --prompt, --negative, --clip-skip and --raw-captions out.");
        }

        return settings.Prompts.Count > 0
            ? Encoded(pipeline, settings)
            : throw new ToolException($"{pipeline.Name} makes pictures of prompts: add --prompt \"...\", or --embeddings FILE.");
    }

    /// <summary>What the pictures from <paramref name="first"/> on shall show.</summary>
    public Conditioning Condition(int first, int rows) => _condition.Take([.. Enumerable.Range(first, rows).Select(i => i / _copies)]);

    /// <summary>What they shall not show; null where the network knows.</summary>
    public Conditioning? Negative(int first, int rows) => _negative?.Take([.. Enumerable.Range(first, rows).Select(i => i / _copies)]);

    /// <summary>The prompt of a picture; null where there is none.</summary>
    public string? Text(int picture) => _texts.Count == 0 ? null : _texts[picture / _copies];

    public void Dispose()
    {
        _condition.Dispose();
        _negative?.Dispose();
    }

    private static ModelPrompts Encoded(Pipeline pipeline, ModelSettings settings)
    {
        var begun = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var prompts = pipeline.Encode(settings.Call, [.. settings.Prompts]);
        var guided = pipeline.GuidanceOf(settings.Call) != 1 || settings.Plan is not null || settings.SaveEmbeddings is not null;
        var negative = guided && pipeline.Network.Info.NegativeComesWithRequest
            ? pipeline.EncodeNegative(settings.Negative is null ? null : [.. settings.Prompts.Select(_ => settings.Negative)], prompts, settings.Call)
            : null;
        if (settings.SaveEmbeddings is { } path)
        {
            EmbeddingsFile.Write(path, prompts.Condition, negative?.Condition, settings.Prompts, pipeline.Text!.Fingerprint);
        }

        var cut = prompts.Cut.Select((c, i) => (c, i)).Where(p => p.c > 0).Select(p => $"Prompt {p.i + 1} is longer than an encoder of the model reads: its last {p.c} tokens have no influence there.");
        return new(prompts.Condition, negative?.Condition, settings.Prompts, settings.Count) { Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, Notes = [.. cut] };
    }

    private static ModelPrompts FromFile(Pipeline pipeline, string path, ModelSettings settings)
    {
        var (condition, negative, prompts) = EmbeddingsFile.Read(path, pipeline.EncoderFingerprint);
        return new(condition, negative, prompts.Count == condition.Rows ? prompts : [.. Enumerable.Repeat(prompts[0], condition.Rows)], settings.Count)
        {
            Notes = [pipeline.EncoderFingerprint is { } encoders
                ? $"The embeddings were made by this model's text encoders ({encoders})."
                : "The model's text encoders are not there: whether they made the embeddings was not checked."],
        };
    }
}
