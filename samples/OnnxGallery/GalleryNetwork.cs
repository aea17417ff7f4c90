using Acceleration.Models;
using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.OnnxGallery;

/// <summary>One set of weights in three forms: a graph, the same graph in parts, and TorchSharp's operators.</summary>
internal sealed class GalleryNetwork : IDisposable
{
    public const string Transformer = "fashion-dit";
    public const string UNet = "fashion-unet";

    private GalleryNetwork(string name, IDenoiser whole, IDenoiser split, IDenoiser torch, OnnxSplit parts) => (Name, Whole, Split, Torch, Parts) = (name, whole, split, torch, parts);

    public string Name { get; }

    public bool IsUNet => Parts.Cuts > 0;

    public IDenoiser Whole { get; }

    public IDenoiser Split { get; }

    public IDenoiser Torch { get; }

    public OnnxSplit Parts { get; }

    /// <summary>Loads a network, and splits its graph.</summary>
    /// <param name="name">Its folder in <c>models</c>.</param>
    /// <param name="splits">Where the split graph goes.</param>
    public static GalleryNetwork Load(string name, string splits)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "models", name);
        var whole = OnnxDenoiser.Load(folder, new() { Name = $"{name}, ONNX" });
        Directory.CreateDirectory(splits);
        var parts = OnnxSplitter.Split(folder, Path.Combine(splits, name));
        var split = OnnxDenoiser.Load(parts.Manifest, new() { Name = $"{name}, ONNX in parts" });

        // The graphs' products are in float32.
        var torch = Acceleration.Models.Networks.Load(Path.Combine(folder, $"{name}.safetensors"), new NetworkOptions { DType = ScalarType.Float32 });
        return new(name, whole, split, torch, parts);
    }

    public void Dispose()
    {
        Whole.Dispose();
        Split.Dispose();
        Torch.Dispose();
    }
}
