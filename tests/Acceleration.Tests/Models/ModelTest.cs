using Acceleration.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>A test of networks: native operator routes, no gradients, a folder of its own, and the demand that no live tensor is left behind.</summary>
public abstract class ModelTest : IDisposable, ICountsLiveTensors
{
    /// <summary>What two computations of one thing may differ by: their tensors lie in other places, and on some processors the order in which a product sums depends on that.</summary>
    protected const double Rounding = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("models-test-").FullName;
    private readonly IDisposable _noGradients = no_grad();
    private readonly DisposeScope _scope;
    private readonly long _alive;

    protected ModelTest()
    {
        OperatorRoutes.PinNative();
        _alive = LiveTensors.Count();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _noGradients.Dispose();
        OperatorRoutes.Pin();
        Directory.Delete(_folder, recursive: true);
        LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);
        GC.SuppressFinalize(this);
    }

    protected static string SampleNetwork { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors");

    protected static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", name + ".safetensors");

    protected string PathOf(string name) => Path.Combine(_folder, name);

    protected static Tensor Normal(ulong seed, params long[] size)
    {
        using var generator = new Generator(seed);
        return randn(size, ScalarType.Float32, generator: generator).ToTestDevice();
    }

    /// <summary>A network on the device of the tests.</summary>
    protected static DiT Load(string path, ScalarType dtype = ScalarType.Float32) => DiT.Load(path, new() { DType = dtype, Device = TestDevice.Current });

    /// <summary>Largest difference of two tensors of one shape.</summary>
    protected static double Difference(Tensor a, Tensor b)
    {
        Assert.Equal(b.shape, a.shape);
        return (a.cpu().to(ScalarType.Float64) - b.cpu().to(ScalarType.Float64)).abs().max().item<double>();
    }

    /// <summary>Largest difference relative to the largest value of the reference.</summary>
    protected static double RelativeDifference(Tensor actual, Tensor reference) =>
        Difference(actual, reference) / reference.abs().max().to(ScalarType.Float64).item<double>();
}
