using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A test on one thread, whose own tensors live in one dispose scope.</summary>
public abstract class CoreTest : LiveTensorTest
{
    private readonly IDisposable _noGradients = no_grad();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    protected override void Release()
    {
        _scope.Dispose();
        _noGradients.Dispose();
    }

    /// <summary>0, 1, 2, ... in the given shape, float32.</summary>
    protected static Tensor Count(params long[] shape) => arange(shape.Aggregate(1L, (a, b) => a * b), ScalarType.Float32, TestDevice.Current).view(shape);

    private protected static RowSet Rows(int samples) => RowSet.Of(samples, Branch.Conditional);
}
