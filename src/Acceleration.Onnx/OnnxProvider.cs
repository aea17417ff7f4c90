using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// What computes a model: one of ONNX Runtime's execution providers. It is the one asked for or an error that says why not; nothing falls back silently. Operators that a provider does not know are a
/// different matter: ONNX Runtime computes them on the CPU, unless <see cref="OnnxOptions.AllowCpuOperators"/> is taken back.
/// </summary>
public sealed record OnnxProvider
{
    private const string Suffix = "ExecutionProvider";

    private OnnxProvider(string name, Device device, IReadOnlyDictionary<string, string>? settings) => (Name, Device, Settings) = (name, device, settings ?? new Dictionary<string, string>());

    /// <summary>The processor.</summary>
    public static OnnxProvider Cpu { get; } = new("CPU", torch.CPU, null);

    /// <summary>Its name without "ExecutionProvider": <c>CPU</c>, <c>CUDA</c>, <c>CoreML</c>.</summary>
    public string Name { get; }

    /// <summary>Where tensors are handed over.</summary>
    public Device Device { get; }

    /// <summary>Settings by ONNX Runtime's names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The name by which ONNX Runtime lists it.</summary>
    internal string FullName => Name + Suffix;

    /// <summary>An NVIDIA GPU, which needs the package Microsoft.ML.OnnxRuntime.Gpu, and TorchSharp for CUDA. Tensors stay in its memory.</summary>
    /// <param name="device">Its number, from 0.</param>
    /// <param name="settings">Settings by ONNX Runtime's names, for example <c>cudnn_conv_algo_search</c>.</param>
    public static OnnxProvider Cuda(int device = 0, IReadOnlyDictionary<string, string>? settings = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(device);
        return new("CUDA", new(DeviceType.CUDA, device), settings);
    }

    /// <summary>Any other provider, which is given tensors in host memory: <c>CoreML</c>, <c>OpenVINO</c>, <c>XNNPACK</c> ...</summary>
    /// <param name="name">Its name, with or without "ExecutionProvider".</param>
    /// <param name="settings">Settings by ONNX Runtime's names.</param>
    public static OnnxProvider Named(string name, IReadOnlyDictionary<string, string>? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var bare = name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
        return bare switch
        {
            "CPU" when settings is null => Cpu,
            "CUDA" => Cuda(0, settings),
            _ => new(bare, torch.CPU, settings),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Device.type == DeviceType.CUDA ? $"{Name}:{Math.Max(0, Device.index)}" : Name;
}
