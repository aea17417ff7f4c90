using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>
/// A test that fails where it leaves a live tensor behind. It opens no dispose scope, so it may be asynchronous: scopes belong to a thread.
/// </summary>
public abstract class LiveTensorTest : IDisposable, ICountsLiveTensors
{
    private readonly long _alive = LiveTensors.Count();
    private readonly List<IDisposable> _owned = [];

    public void Dispose()
    {
        Release();
        var left = Tensor.TotalCount;
        _owned.ForEach(o => o.Dispose());
        LiveTensors.RequireNoneLeft(_alive, left);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes with the test what a field initialiser made, which is before live tensors are counted.</summary>
    protected void Own(params IEnumerable<IDisposable> made) => _owned.AddRange(made);

    /// <summary>Disposes what the test itself holds, before live tensors are counted.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>Equal bits.</summary>
    protected static void Same(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.Floats(), actual.Floats());
    }

    /// <summary>Equal up to rounding on the device of the tests.</summary>
    protected static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, TestDevice.Rounding * scale);
    }
}
