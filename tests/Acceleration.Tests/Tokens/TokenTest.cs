using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

/// <summary>A test with a golden file, in one dispose scope.</summary>
public abstract class TokenTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _noGradients = no_grad();

    public void Dispose()
    {
        _noGradients.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static SafetensorsFile Fixture(string name) => SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "tokens", name + ".safetensors"));

    protected static JsonElement[] Cases(SafetensorsFile file) => JsonSerializer.Deserialize<JsonElement[]>(file.Metadata["cases"])!;

    /// <summary>Equal within the file's tolerance; does nothing where the file has no such tensor.</summary>
    protected static void Near(SafetensorsFile file, string name, Func<Tensor> actual)
    {
        if (file.Names.Contains(name))
        {
            var expected = file.Read(name);
            var made = actual();
            Assert.Equal(expected.shape, made.shape);
            if (expected.numel() > 0)
            {
                var error = (made.cpu().to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().item<double>();
                Assert.True(error <= double.Parse(file.Metadata["recommended_atol"], CultureInfo.InvariantCulture), $"{name}: {error}");
            }
        }
    }

    protected static void Equal(SafetensorsFile file, string name, Tensor actual)
    {
        if (file.Names.Contains(name))
        {
            var expected = file.Read(name);
            Assert.Equal(expected.shape, actual.shape);
            if (expected.numel() > 0)
            {
                Assert.Equal(expected.contiguous().data<long>().ToArray(), actual.cpu().contiguous().data<long>().ToArray());
            }
        }
    }

    /// <summary>Normal numbers from a generator of their own.</summary>
    protected static Tensor Normal(long seed, params long[] size)
    {
        using var generator = new Generator((ulong)seed);
        return randn(size, ScalarType.Float32, generator: generator).ToTestDevice();
    }
}
