using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// A graph's inputs and outputs bound to tensors. What a slot is bound to stays bound: libtorch's allocator gives steps in a row the same memory, so that most calls have nothing to bind.
/// One call at a time.
/// </summary>
internal sealed class GraphBinding : IDisposable
{
    private readonly OrtIoBinding _binding;
    private readonly OrtMemoryInfo _memory;
    private readonly IReadOnlyList<Port> _inputs;
    private readonly IReadOnlyList<Port> _outputs;
    private readonly Slot[] _slots;
    private readonly OrtValue?[] _values;

    /// <param name="session">The graph's.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">Those of its outputs that are wanted.</param>
    /// <param name="memory">Where they lie.</param>
    public GraphBinding(InferenceSession session, IReadOnlyList<Port> inputs, IReadOnlyList<Port> outputs, OrtMemoryInfo memory)
    {
        (_inputs, _outputs, _memory) = (inputs, outputs, memory);
        _binding = session.CreateIoBinding();
        _slots = new Slot[inputs.Count + outputs.Count];
        _values = new OrtValue?[_slots.Length];
    }

    public OrtIoBinding Bound => _binding;

    /// <summary>How many of the inputs already are bound to these tensors.</summary>
    public bool Fits(ReadOnlySpan<Tensor> inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!_slots[i].Is(inputs[i], TensorMemory.Address(inputs[i])))
            {
                return false;
            }
        }

        return true;
    }

    public void Inputs(ReadOnlySpan<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            if (Changed(i, tensors[i]) is { } value)
            {
                _binding.BindInput(_inputs[i].Name, value);
            }
        }
    }

    public void Outputs(ReadOnlySpan<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            if (Changed(_inputs.Count + i, tensors[i]) is { } value)
            {
                _binding.BindOutput(_outputs[i].Name, value);
            }
        }
    }

    /// <summary>Outputs of a size that is not known before the call, in host memory of ONNX Runtime's own.</summary>
    public void UnknownOutputs()
    {
        foreach (var output in _outputs)
        {
            _binding.BindOutputToDevice(output.Name, OrtMemoryInfo.DefaultInstance);
        }

        Array.Clear(_slots, _inputs.Count, _outputs.Count);
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _values)
        {
            value?.Dispose();
        }
    }

    private OrtValue? Changed(int slot, Tensor x)
    {
        var address = TensorMemory.Address(x);
        if (_slots[slot].Is(x, address))
        {
            return null;
        }

        var before = _values[slot];
        var shape = x.shape;
        var value = TensorMemory.View(x, shape, address, _memory);
        (_slots[slot], _values[slot]) = (new(address, shape), value);
        before?.Dispose();
        return value;
    }

    private readonly record struct Slot(nint Address, long[]? Shape)
    {
        public bool Is(Tensor x, nint address)
        {
            if (Shape is null || address != Address || x.ndim != Shape.Length)
            {
                return false;
            }

            for (var i = 0; i < Shape.Length; i++)
            {
                if (x.size(i) != Shape[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
