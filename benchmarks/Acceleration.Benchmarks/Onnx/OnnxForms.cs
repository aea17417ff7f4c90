using Acceleration.Models;
using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A sample network as a graph, as the graph's parts, and by TorchSharp's operators.</summary>
internal sealed class OnnxForms : IDisposable
{
    private readonly string _model;
    private readonly string _parts = Directory.CreateTempSubdirectory("onnx-parts-").FullName;

    private OnnxForms(string model, string? checkpoint)
    {
        _model = model;
        OnnxSplitter.Split(model, _parts);
        Torch = checkpoint is null ? null : Networks.Load(checkpoint, new NetworkOptions { DType = ScalarType.Float32 });
    }

    /// <summary>Null where only a graph is given.</summary>
    public IDenoiser? Torch { get; }

    /// <summary>Networks of the samples, by their checkpoint's name.</summary>
    public static OnnxForms Sample(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "onnx", name);
        return new(folder, Path.Combine(folder, $"{name}.safetensors"));
    }

    public static OnnxForms Of(string model) => new(model, null);

    public OnnxDenoiser Whole(OnnxOptions? options = null) => OnnxDenoiser.Load(_model, options);

    public OnnxDenoiser Split(OnnxOptions? options = null) => OnnxDenoiser.Load(_parts, options);

    /// <summary>Every part a call of its own.</summary>
    public OnnxDenoiser Apart(OnnxOptions? options = null)
    {
        var network = Split(options);
        network.RunsApart = true;
        return network;
    }

    public void Dispose()
    {
        Torch?.Dispose();
        Directory.Delete(_parts, recursive: true);
    }
}
