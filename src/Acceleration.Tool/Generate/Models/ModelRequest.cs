using System.Security.Cryptography;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>Tells apart what is asked of whole models, so that <c>--resume</c> goes on with the same only.</summary>
internal static class ModelRequest
{
    /// <param name="settings">What was asked for.</param>
    /// <param name="pipeline">The model.</param>
    /// <param name="sampler">The sampler's tag.</param>
    public static string Of(ModelSettings settings, Pipeline pipeline, string sampler) => RequestHash.Of(
    [
        pipeline.Network.Info.Fingerprint,
        pipeline.EncoderFingerprint ?? "",
        pipeline.Autoencoder?.Info.Weights ?? "",
        sampler,
        settings.Call,
        settings.Options,
        .. settings.Prompts.Select(Marked),
        Marked(settings.Negative),
        settings.Labels ?? [],
        settings.Count,
        settings.Seed,
        settings.Batch,
        settings.Previews,
        settings.Fast,
        settings.Strength ?? -1,
        .. settings.Loras.Select(Marked),
        .. new[] { settings.Embeddings, settings.Image, settings.Mask, settings.Control, settings.LastImage, settings.Options.Autoencoder }.Select(Content),
    ]);

    /// <summary>With its length, so that two texts are not taken for one.</summary>
    private static string Marked(string? text) => text is null ? "-" : $"{text.Length}:{text}";

    /// <summary>A file by what is in it.</summary>
    private static string Content(string? path) => path is null || !File.Exists(path) ? "-" : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
