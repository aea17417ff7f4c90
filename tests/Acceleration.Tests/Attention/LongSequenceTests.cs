using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>Long sequences: the scores of one head of 16,384 tokens alone would take 1 GiB. Host memory is what is measured, so all of it is on the CPU, whatever the device of the tests.</summary>
public sealed class LongSequenceTests : LiveTensorTest
{
    private const string Peak = "/proc/self/clear_refs";
    private const long Most = 300L << 20;

    [Fact]
    public void OnTheCpuScoresNeverStandInMemoryWhole()
    {
        Assert.SkipUnless(File.Exists(Peak), "Peak memory is read from Linux.");
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var layout = new TokenLayout(1, 128, 128);
        Tensor Heads() => full([1, layout.Tokens, 1, 32], 0.5f, device: CPU).transpose(1, 2);
        var input = new AttentionInput(Heads(), Heads(), Heads());
        var shape = AttentionShape.Of(input);

        // The measure sees what is made and given back at once.
        Assert.True(Growth(() => ones(Most / 2).Dispose()) > Most);
        foreach (var route in Enum.GetValues<AttentionRoute>())
        {
            Assert.True(Growth(() => DenseAttention.Run(route, input, shape).Dispose()) < Most, $"{route}");
        }

        Assert.True(Growth(() => GroupedAttention.Compute(input, layout, new(new AxisGroups(GroupSize.Image), TokenGrid.Of(layout))).Dispose()) < Most);
    }

    /// <summary>How far the peak rose. The system counts roughly: where little is needed it may be below zero.</summary>
    private static long Growth(Action work)
    {
        // 5 resets the peak to the present size.
        File.WriteAllText(Peak, "5");
        var before = Read("VmRSS:");
        work();
        return Read("VmHWM:") - before;
    }

    private static long Read(string name) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
}
