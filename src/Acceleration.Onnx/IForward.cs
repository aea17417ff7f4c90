using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>How a model's prediction comes about: from one graph, or from several.</summary>
internal interface IForward : IDisposable
{
    ModelSignature Signature { get; }

    /// <summary>One call of rows that the model takes at once.</summary>
    /// <param name="latents">[rows, channels, ...].</param>
    /// <param name="timestep">[rows] or [1].</param>
    /// <param name="condition">Conditions of these rows.</param>
    /// <param name="evaluation">What sites are raised through.</param>
    /// <returns>As the model has it, in the caller's dispose scope.</returns>
    Tensor Run(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation);
}
