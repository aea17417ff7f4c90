using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Makes a network of a size, and the file from which the other side makes the same one.</summary>
internal sealed class SizedNetworks : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sized-network-");
    private readonly RandomWeights? _weights;

    /// <param name="size">Which, and how large.</param>
    /// <param name="dtype">Type of products and attention.</param>
    /// <param name="device">Where.</param>
    /// <param name="same">
    /// Whether both sides shall hold the same weights. They go through a file; a network of many gigabytes had better draw its own on either side. A DiT always comes
    /// from a file.
    /// </param>
    public SizedNetworks(NetworkSize size, ScalarType dtype, Device device, bool same)
    {
        (Size, Same) = (size, same || size.Name == "dit");
        File = Same ? Path.Combine(_folder.FullName, size.Name + ".safetensors") : "-";
        if (size.Name == "dit")
        {
            DiTSized.Write(File, size);
            Network = new DiTSized(size, File, dtype, device);
            return;
        }

        _weights = new(dtype, device);
        Network = size.Name == "flux" ? new FluxSized(size, _weights) : new WanSized(size, _weights);
        if (Same)
        {
            _weights.Save(File);
        }
    }

    public NetworkSize Size { get; }

    public ISizedNetwork Network { get; }

    /// <summary>Whether the outputs of both sides are to be equal.</summary>
    public bool Same { get; }

    /// <summary>The weights in a file, or "-".</summary>
    public string File { get; }

    /// <summary>Where the other side leaves its output.</summary>
    public string Output => Path.Combine(_folder.FullName, "output.f32");

    public void Dispose()
    {
        Network.Dispose();
        _weights?.Dispose();
        _folder.Delete(recursive: true);
    }
}
