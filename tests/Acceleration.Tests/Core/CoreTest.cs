using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A test that fails where it leaves a live tensor behind. Its own tensors live in one dispose scope.</summary>
public abstract class CoreTest : IDisposable
{
    private readonly long alive = Tensor.TotalCount;
    private readonly IDisposable noGradients = no_grad();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly List<IDisposable> owned = [];

    public void Dispose()
    {
        Release();
        scope.Dispose();
        noGradients.Dispose();
        var left = Tensor.TotalCount;
        owned.ForEach(o => o.Dispose());
        Assert.Equal(alive, left);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes with the test what a field initialiser made, which is before live tensors are counted.</summary>
    protected void Own(params IEnumerable<IDisposable> made) => owned.AddRange(made);

    /// <summary>Disposes what holds tensors outside any scope, before live tensors are counted.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>0, 1, 2, ... in the given shape, float32.</summary>
    protected static Tensor Count(params long[] shape) => arange(shape.Aggregate(1L, (a, b) => a * b), ScalarType.Float32).view(shape);

    /// <summary>Equal bits.</summary>
    protected static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.contiguous().data<float>().ToArray(), actual.contiguous().data<float>().ToArray());
    }

    /// <summary>Within 1e-5 of the largest value.</summary>
    protected static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5f * scale);
    }

    private protected static RowSet Rows(int samples) => RowSet.Of(samples, Branch.Conditional);
}
