using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

/// <summary>A test that leaves routes, random numbers and live tensors as it found them, and fails where the operators do not.</summary>
public abstract class OperatorTest : IDisposable
{
    private readonly IDisposable _noGradients = no_grad();
    private readonly DisposeScope _scope;
    private readonly long _workspace = DenseAttention.WorkspaceBytes;
    private readonly long _alive;

    protected OperatorTest()
    {
        OperatorRoutes.Pin();
        OperatorRoutes.Forget();
        _alive = Tensor.TotalCount;
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        DenseAttention.WorkspaceBytes = _workspace;
        OperatorRoutes.Pin();
        OperatorRoutes.Forget();
        _scope.Dispose();
        _noGradients.Dispose();
        Assert.Equal(_alive, Tensor.TotalCount);
        GC.SuppressFinalize(this);
    }

    /// <summary>Normal numbers from a generator of their own.</summary>
    protected static Tensor Random(ScalarType dtype, int seed, params long[] size)
    {
        using var generator = new Generator((ulong)seed);
        return randn(size, ScalarType.Float32, generator: generator).to_type(dtype);
    }

    /// <summary>Largest error relative to the largest value of the reference.</summary>
    protected static double Error(Tensor actual, Tensor reference)
    {
        Assert.Equal(reference.shape, actual.shape);
        var scale = Math.Max(1e-30, reference.abs().max().item<double>());
        return (actual.to_type(ScalarType.Float64) - reference).abs().max().item<double>() / scale;
    }

    /// <summary>Whether two tensors hold the same bits, up to the sign of zero.</summary>
    protected static bool SameBits(Tensor a, Tensor b) => a.dtype == b.dtype && a.Equals(b);
}
