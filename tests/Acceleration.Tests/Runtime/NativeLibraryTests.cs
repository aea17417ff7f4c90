using static TorchSharp.torch;

namespace Acceleration.Tests.Runtime;

public sealed class NativeLibraryTests
{
    [Fact]
    public void SeededNormalNumbersEqualThoseOfPyTorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        float[] drawn = randn(1, 1, 32, 32).data<float>().ToArray();

        Assert.Equal(1024, drawn.Length);
        Assert.Equal([-1.5255959f, -0.750231802f, -0.653980911f, -1.60948479f], drawn[..4]);
    }
}
