using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Acceleration.Gallery;

/// <summary>Tells which of the ten classes a picture shows.</summary>
internal sealed class FashionClassifier : IDisposable
{
    private static readonly (string Name, long Stride)[] Convolutions = [("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 2)];
    private readonly Dictionary<string, Tensor> _weights = [];

    private FashionClassifier(SafetensorsFile file)
    {
        foreach (var layer in Convolutions.Select(c => c.Name).Append("fc"))
        {
            foreach (var name in new[] { $"{layer}.weight", $"{layer}.bias" })
            {
                _weights[name] = file.Read(name, ScalarType.Float32).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>Loads the weights.</summary>
    /// <exception cref="CheckpointException">The file is missing or malformed, or lacks a tensor.</exception>
    public static FashionClassifier Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return new(file);
    }

    /// <summary>The class, 0..9, of each picture.</summary>
    /// <param name="pictures">[pictures, 1, 32, 32] with values in [−1, 1].</param>
    public long[] Classify(Tensor pictures)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return linear(Features(pictures), _weights["fc.weight"], _weights["fc.bias"]).argmax(1).data<long>().ToArray();
    }

    /// <summary>What the last convolution sees in each picture, averaged over places, [pictures, 128]: features of the Fréchet distance.</summary>
    /// <param name="pictures">[pictures, 1, 32, 32] with values in [−1, 1].</param>
    public Tensor Features(Tensor pictures)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var x = pictures.to(ScalarType.Float32).clamp(-1, 1);
        foreach (var (name, stride) in Convolutions)
        {
            x = relu(conv2d(x, _weights[$"{name}.weight"], _weights[$"{name}.bias"], strides: [stride, stride], padding: [1, 1]));
        }

        return x.mean([2, 3]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }
    }
}
