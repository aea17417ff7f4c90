using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The tensors of a loaded network, which live as long as it does.</summary>
internal sealed class NetworkTensors : IDisposable
{
    private readonly Tensor[] _tensors;

    private NetworkTensors(Tensor[] tensors) => _tensors = tensors;

    /// <summary>
    /// Takes everything that was made in a scope: load a network's layers in one of its own. What was only needed on the way there (parts that have been put together since) must have been released.
    /// </summary>
    public static NetworkTensors TakenFrom(DisposeScope scope)
    {
        Tensor[] all = [.. scope.DisposablesView.OfType<Tensor>()];
        scope.Detach((IEnumerable<IDisposable>)all);
        return new(all);
    }

    public void Dispose() => Array.ForEach(_tensors, t => t.Dispose());
}
