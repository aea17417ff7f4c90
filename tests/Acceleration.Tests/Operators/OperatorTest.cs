using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

/// <summary>A test that leaves routes, random numbers and live tensors as it found them, and fails where the operators do not.</summary>
public abstract class OperatorTest : IDisposable, ICountsLiveTensors
{
    private readonly IDisposable _noGradients = no_grad();
    private readonly DisposeScope _scope;
    private readonly long _workspace = DenseAttention.WorkspaceBytes;
    private readonly long _alive;

    protected OperatorTest()
    {
        OperatorRoutes.Pin();
        OperatorRoutes.Forget();
        _alive = LiveTensors.Count();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        DenseAttention.WorkspaceBytes = _workspace;
        OperatorRoutes.Pin();
        OperatorRoutes.Forget();
        _scope.Dispose();
        _noGradients.Dispose();
        LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);
        GC.SuppressFinalize(this);
    }

    /// <summary>Normal numbers from a generator of their own, on the device of the tests.</summary>
    protected static Tensor Random(ScalarType dtype, int seed, params long[] size) => OnCpu(dtype, seed, size).ToTestDevice();

    /// <summary>The same on the CPU, for tests of what only the CPU does.</summary>
    protected static Tensor OnCpu(ScalarType dtype, int seed, params long[] size)
    {
        using var generator = new Generator((ulong)seed);
        return randn(size, ScalarType.Float32, generator: generator).to_type(dtype);
    }

    /// <summary>Largest error relative to the largest value of the reference.</summary>
    protected static double Error(Tensor actual, Tensor reference)
    {
        Assert.Equal(reference.shape, actual.shape);
        var (a, b) = (actual.cpu().to_type(ScalarType.Float64), reference.cpu());
        var scale = Math.Max(1e-30, b.abs().max().item<double>());
        return (a - b).abs().max().item<double>() / scale;
    }

    /// <summary>Whether two tensors hold the same bits, up to the sign of zero.</summary>
    protected static bool SameBits(Tensor a, Tensor b) => a.dtype == b.dtype && a.Equals(b);
}
