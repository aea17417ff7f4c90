using System.Reflection;
using Xunit.v3;
using static TorchSharp.torch;

[assembly: Acceleration.Tests.LeftToTheFinalizer]

namespace Acceleration.Tests;

/// <summary>
/// Live tensors of the process, for a test that compares them before and after itself. What a test before it left to the finalizer must not vanish in between: it is collected
/// first. A collection takes as long as the heap of the whole suite is large, so there is one only where such a test ran since the last.
/// </summary>
internal static class LiveTensors
{
    // The number between tests, where the finalizer has none of them; null where it may have.
    private static long? _settled;

    /// <summary>How many there are, none of which a test before has left to the finalizer.</summary>
    public static long Count()
    {
        if (_settled is null)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        _settled = null;
        return Tensor.TotalCount;
    }

    /// <summary>Requires that a test that counted leaves none behind, once it has disposed what it made, also before it counted.</summary>
    /// <param name="before">What it counted.</param>
    /// <param name="left">How many there were when all was disposed that it made since.</param>
    public static void RequireNoneLeft(long before, long left)
    {
        _settled = left == before ? Tensor.TotalCount : null;

        // Fewer are no leak: something that was there before has been finalized meanwhile after all.
        Assert.True(left <= before, $"{left - before} live tensors are left behind: {before} before, {left} after.");
    }

    /// <summary>A test that does not count ended. Where it left another number than it found, some may be the finalizer's.</summary>
    public static void TestEnded()
    {
        if (_settled != Tensor.TotalCount)
        {
            _settled = null;
        }
    }
}

/// <summary>A test that counts <see cref="LiveTensors"/> in its constructor and again in <c>Dispose</c>.</summary>
internal interface ICountsLiveTensors;

/// <summary>Looks after every other test what it left behind.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LeftToTheFinalizerAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!methodUnderTest.ReflectedType!.IsAssignableTo(typeof(ICountsLiveTensors)))
        {
            LiveTensors.TestEnded();
        }
    }
}
