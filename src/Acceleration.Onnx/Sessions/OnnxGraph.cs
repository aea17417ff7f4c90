using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// A graph that is ready to run: tensors in, tensors out, without a copy. Any number of calls may run at once. The first call of each choice of sizes lets ONNX Runtime make the outputs and copies them; from then on they are
/// made by libtorch and written in place.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    // As many as calls run at once, and one more for each form that requests of other sizes bring.
    private const int MostIdle = 8;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtMemoryInfo _memory;
    private readonly Device _device;
    private readonly OutputSizes _sizes = new();
    private readonly Lock _lock = new();
    private readonly List<GraphBinding> _idle = [];

    public OnnxGraph(string file, InferenceSession session, Device device)
    {
        (File, _session, _device) = (file, session, device);
        Inputs = [.. session.InputNames.Select(n => Port.Of(file, n, session.InputMetadata[n]))];
        Outputs = [.. session.OutputNames.Select(n => Port.Of(file, n, session.OutputMetadata[n]))];
        _memory = TensorMemory.Info(device);
    }

    public string File { get; }

    public IReadOnlyList<Port> Inputs { get; }

    public IReadOnlyList<Port> Outputs { get; }

    /// <summary>One pass.</summary>
    /// <param name="inputs">Contiguous tensors of the ports' types on the graph's device, in the order of <see cref="Inputs"/>.</param>
    /// <returns>In the order of <see cref="Outputs"/>, in the caller's dispose scope.</returns>
    /// <exception cref="OnnxException">ONNX Runtime refuses it.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs)
    {
        Settle();
        var binding = Take(inputs);
        try
        {
            binding.Inputs(inputs);
            if (_sizes.Of(inputs) is { } sizes)
            {
                var outputs = new Tensor[sizes.Length];
                for (var i = 0; i < outputs.Length; i++)
                {
                    outputs[i] = empty(sizes[i], dtype: Outputs[i].DType, device: _device);
                }

                binding.Outputs(outputs);
                Start(binding);
                binding.Bound.SynchronizeBoundOutputs();
                return outputs;
            }

            binding.UnknownOutputs();
            Start(binding);
            using var made = binding.Bound.GetOutputValues();
            var copies = new Tensor[Outputs.Count];
            for (var i = 0; i < copies.Length; i++)
            {
                copies[i] = Copy(made[i], Outputs[i]);
            }

            _sizes.Add(inputs, [.. copies.Select(c => c.shape)]);
            return copies;
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

        _run.Dispose();
        _session.Dispose();
        if (_device.type == DeviceType.CUDA)
        {
            _memory.Dispose();
        }
    }

    private void Start(GraphBinding binding)
    {
        try
        {
            _session.RunWithBinding(_run, binding.Bound);
        }
        catch (OnnxRuntimeException e)
        {
            throw SessionFault.InCall(File, e);
        }
    }

    /// <summary>libtorch may still be writing what ONNX Runtime is about to read, on a stream of its own.</summary>
    private void Settle()
    {
        if (_device.type == DeviceType.CUDA)
        {
            cuda.synchronize(_device);
        }
    }

    private Tensor Copy(OrtValue value, Port port)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        var copy = empty(shape, dtype: port.DType);
        value.GetTensorMutableRawData().CopyTo(copy.bytes);
        return _device.type == DeviceType.CPU ? copy : copy.to(_device, disposeAfter: true);
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

        return new(_session, Inputs, Outputs, _memory);
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
