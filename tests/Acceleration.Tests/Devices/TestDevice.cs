using static TorchSharp.torch;

namespace Acceleration.Tests;

/// <summary>
/// Where tests compute: on the CPU, or on what ACCELERATION_TEST_DEVICE names, for example <c>cuda</c>. Test networks and the helpers that make numbers for tests put
/// them here, and the helpers that read numbers take them from anywhere. What is about the CPU or about files stays on the CPU.
/// </summary>
internal static class TestDevice
{
    public const string Variable = "ACCELERATION_TEST_DEVICE";

    public static Device Current { get; private set; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? device(name) : CPU;

    /// <summary>Another device until disposal.</summary>
    public static IDisposable Use(Device device)
    {
        var before = new Restore(Current);
        Current = device;
        return before;
    }

    /// <summary>The tensor on the device of the tests: itself where it is there.</summary>
    public static Tensor ToTestDevice(this Tensor tensor) => tensor.to(Current);

    private sealed class Restore(Device device) : IDisposable
    {
        public void Dispose() => Current = device;
    }
}
