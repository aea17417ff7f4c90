namespace Acceleration.Onnx;

/// <summary>What a model costs that is not split: by the calls that splitting makes to find sizes.</summary>
internal static class WholeCost
{
    /// <summary>Multiply-adds of one row.</summary>
    /// <param name="file">The model.</param>
    /// <param name="info">What it is.</param>
    /// <param name="signature">What its inputs are given.</param>
    /// <exception cref="OnnxException">Its graph cannot be read, or run as it stands.</exception>
    public static CostModel Of(string file, DenoiserInfo info, ModelSignature signature)
    {
        var model = ModelReader.Read(file);
        var graph = new GraphIndex(file, model.Graph, signature.Latents.Name);
        var probing = new Probing(file, model, graph, Path.GetDirectoryName(Path.GetFullPath(file))!, info, signature);
        return new Work(new(Calls())).Of(graph.Nodes);

        ProbedCall[] Calls()
        {
            var usual = probing.Usual();
            try
            {
                return ProbeInputs.OtherSize(info, signature) is { } other ? [.. usual, probing.Of(other)] : usual;
            }
            catch (OnnxException)
            {
                // Its sides are open, and yet it takes one size: all that it does is constant, but for the text.
                return usual;
            }
        }
    }
}
