using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Normal weights of about unit gain, made where they are used. Owns them, and can write them down for another program.</summary>
internal sealed class RandomWeights(ScalarType dtype, Device device) : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _made = [];

    public long Parameters => _made.Values.Sum(t => t.numel());

    public Device Device => device;

    public IReadOnlyList<long>? ShapeOf(string name) => _made.GetValueOrDefault(name)?.shape;

    public Tensor Take(string name, ReadOnlySpan<long> shape, ScalarType? type = null)
    {
        using var values = randn(shape.ToArray(), type ?? dtype, device);
        return _made[name] = (values * (1 / Math.Sqrt(shape[^1]))).DetachFromDisposeScope();
    }

    /// <summary>Writes all of them as they are.</summary>
    public void Save(string path, Dictionary<string, string>? metadata = null) => SafetensorsFile.Write(path, _made.Select(m => (m.Key, m.Value)), metadata);

    public void Dispose()
    {
        foreach (var weight in _made.Values)
        {
            weight.Dispose();
        }
    }
}
