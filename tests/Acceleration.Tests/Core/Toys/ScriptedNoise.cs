using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>Random numbers made by a test.</summary>
internal sealed class ScriptedNoise(Func<IReadOnlyList<long>, Tensor> draw) : INoiseSource
{
    public Tensor Draw(IReadOnlyList<long> size) => draw(size);

    public INoiseSource Clone() => new ScriptedNoise(draw);

    public void Dispose()
    {
    }
}
