using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// Calls of a graph for one choice of its outputs. The first call of each choice of sizes lets ONNX Runtime make the outputs and copies them; from then on they are made by libtorch and written in place.
/// </summary>
/// <param name="start">Runs the graph with what is bound.</param>
/// <param name="bind">Makes a binding of those outputs.</param>
/// <param name="outputs">The outputs.</param>
/// <param name="device">Where they lie.</param>
internal sealed class GraphCalls(Action<GraphBinding> start, Func<GraphBinding> bind, IReadOnlyList<Port> outputs, Device device) : IDisposable
{
    // As many as calls run at once, and one more for each form that requests of other sizes bring.
    private const int MostIdle = 8;
    private readonly OutputSizes _sizes = new();
    private readonly Lock _lock = new();
    private readonly List<GraphBinding> _idle = [];

    /// <summary>One pass, as <see cref="OnnxGraph.Run"/>.</summary>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, IReadOnlyList<long> picture)
    {
        var binding = Take(inputs);
        try
        {
            binding.Inputs(inputs);
            return _sizes.Of(inputs, picture) is { } sizes ? Write(binding, sizes) : Find(binding, inputs, picture);
        }
        finally
        {
            Give(binding);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var binding in _idle)
            {
                binding.Dispose();
            }

            _idle.Clear();
        }
    }

    private Tensor[] Write(GraphBinding binding, long[][] sizes)
    {
        var made = new Tensor[sizes.Length];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = empty(sizes[i], dtype: outputs[i].DType, device: device);
        }

        binding.Outputs(made);
        start(binding);
        if (device.type == DeviceType.CUDA)
        {
            binding.Bound.SynchronizeBoundOutputs();
        }

        return made;
    }

    private Tensor[] Find(GraphBinding binding, ReadOnlySpan<Tensor> inputs, IReadOnlyList<long> picture)
    {
        binding.UnknownOutputs();
        start(binding);
        using var values = binding.Bound.GetOutputValues();
        var copies = new Tensor[outputs.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            var value = values[i];
            var copy = empty(value.GetTensorTypeAndShape().Shape, dtype: outputs[i].DType);
            value.GetTensorMutableRawData().CopyTo(copy.bytes);
            copies[i] = device.type == DeviceType.CPU ? copy : copy.to(device, disposeAfter: true);
        }

        _sizes.Add(inputs, picture, [.. copies.Select(c => c.shape)]);
        return copies;
    }

    private GraphBinding Take(ReadOnlySpan<Tensor> inputs)
    {
        lock (_lock)
        {
            if (_idle.Count > 0)
            {
                var at = _idle.Count - 1;
                for (var i = at; i >= 0; i--)
                {
                    if (_idle[i].Fits(inputs))
                    {
                        at = i;
                        break;
                    }
                }

                var taken = _idle[at];
                _idle.RemoveAt(at);
                return taken;
            }
        }

        return bind();
    }

    private void Give(GraphBinding binding)
    {
        lock (_lock)
        {
            if (_idle.Count < MostIdle)
            {
                _idle.Add(binding);
                return;
            }
        }

        binding.Dispose();
    }
}
