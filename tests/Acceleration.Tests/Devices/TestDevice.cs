using TorchSharp;
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

    /// <summary>What <see cref="Rounding"/> is on the CPU.</summary>
    public const float OnTheCpu = 1e-5f;

    /// <summary>What <see cref="Rounding"/> is on a device.</summary>
    public const float Elsewhere = 1e-4f;

    /// <summary>
    /// Part of the largest value by which a request may differ from the same rows in another batch, in float32. A GPU takes other kernels for other numbers of rows, which sum products in
    /// another order, where the CPU's sums hardly change; <c>RoundingTests</c> shows what becomes of a last bit in each output.
    /// </summary>
    public static float Rounding => Current.type == DeviceType.CPU ? OnTheCpu : Elsewhere;

    /// <summary>Reads of a request that are for its finite checks alone: on the CPU they wait for nothing and are not counted, elsewhere the last step reads what no strategy did.</summary>
    public static int FiniteReads => Current.type == DeviceType.CPU ? 0 : 1;

    /// <summary>A message of the library as it is on the CPU: elsewhere a tensor's form names its device.</summary>
    public static string WithoutDevice(this string message)
    {
        if (Current.type == DeviceType.CPU)
        {
            return message;
        }

        using var there = zeros(0, device: Current);
        return message.Replace($" on {there.device}", "", StringComparison.Ordinal);
    }

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
