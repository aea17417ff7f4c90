using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>A graph that is ready to run: tensors in, tensors out, without a copy. Any number of calls may run at once.</summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtMemoryInfo _memory;
    private readonly Device _device;
    private readonly ConcurrentDictionary<Range, GraphCalls> _calls = [];

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
    /// <param name="wanted">Which of <see cref="Outputs"/>.</param>
    /// <param name="picture">Size of the latents where outputs follow from it that is not in the inputs' sizes: a part is told sides as numbers. Empty where there is nothing of the kind.</param>
    /// <returns>In their order, in the caller's dispose scope.</returns>
    /// <exception cref="OnnxException">ONNX Runtime refuses it.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, Range wanted, params IReadOnlyList<long> picture)
    {
        // libtorch may still be writing what ONNX Runtime is about to read, on a stream of its own.
        if (_device.type == DeviceType.CUDA)
        {
            cuda.synchronize(_device);
        }

        return _calls.GetOrAdd(wanted, static (w, graph) => graph.Calls(w), this).Run(inputs, picture);
    }

    public void Dispose()
    {
        foreach (var calls in _calls.Values)
        {
            calls.Dispose();
        }

        _run.Dispose();
        _session.Dispose();
        if (_device.type == DeviceType.CUDA)
        {
            _memory.Dispose();
        }
    }

    private GraphCalls Calls(Range wanted)
    {
        var (from, count) = wanted.GetOffsetAndLength(Outputs.Count);
        Port[] outputs = [.. Outputs.Skip(from).Take(count)];
        return new(Start, () => new(_session, Inputs, outputs, _memory), outputs, _device);
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
}
