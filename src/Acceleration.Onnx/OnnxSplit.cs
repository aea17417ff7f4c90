namespace Acceleration.Onnx;

/// <summary>What was found in a model that was split.</summary>
/// <param name="Manifest">Path of the manifest.</param>
/// <param name="Blocks">Blocks of its chain; 0 for a UNet.</param>
/// <param name="Parts">Attention and feed-forward parts in these blocks that can be skipped alone.</param>
/// <param name="Cuts">Nested cuts of a UNet; 0 for a transformer.</param>
/// <param name="Graphs">Graphs that it was split into.</param>
/// <param name="MultiplyAdds">Multiply-adds of one row of the whole at its usual size, as far as they are counted: products and convolutions.</param>
/// <param name="Inside">Those of them in blocks, or in the outermost cut.</param>
/// <param name="Difference">Largest difference between its prediction and the whole model's, of one random input of each size that was tried, relative to the largest value.</param>
public sealed record OnnxSplit(string Manifest, int Blocks, int Parts, int Cuts, int Graphs, double MultiplyAdds, double Inside, double Difference)
{
    /// <summary>Why its parts take latents of the usual size alone where the whole model takes others; null where they take what the whole takes.</summary>
    public string? OneSize { get; init; }

    internal static OnnxSplit Of(SplitManifest manifest, string path, ProbedCall usual, double difference)
    {
        SplitPart[] outside = [manifest.Prelude, manifest.Tail];
        var (all, rest) = (manifest.Parts.Sum(Work), outside.Sum(Work));
        return new(path, manifest.Chain?.Blocks.Count ?? 0, manifest.Chain?.Blocks.Where(b => b.Branches.Count > 1).Sum(b => b.Branches.Count) ?? 0, manifest.Cuts.Count, manifest.Parts.Count(), all, all - rest, difference) { OneSize = manifest.OneSize };

        double Work(SplitPart part) => part.Cost.MultiplyAdds(usual.Layout.Tokens, usual.Text, usual.Layout.Frames);
    }
}
