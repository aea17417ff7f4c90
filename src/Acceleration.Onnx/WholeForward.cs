using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>One graph, which raises no sites.</summary>
internal sealed class WholeForward(OnnxGraph graph, ModelSignature signature, int output) : IForward
{
    public ModelSignature Signature => signature;

    public Tensor Run(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation) => graph.Run(signature.Call(latents, timestep, condition), output..(output + 1))[0];

    public void Dispose() => graph.Dispose();
}
