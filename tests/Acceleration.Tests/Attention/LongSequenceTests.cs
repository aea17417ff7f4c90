using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>Long sequences: the scores of one head of 16,384 tokens alone would take 1 GiB. Host memory is what is measured, so all of it is on the CPU, whatever the device of the tests.</summary>
public sealed class LongSequenceTests : LiveTensorTest
{
    private const long Most = 300L << 20;

    [Fact]
    public void OnTheCpuScoresNeverStandInMemoryWhole()
    {
        PeakMemory.SkipWhereItIsNotKnown();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var layout = new TokenLayout(1, 128, 128);
        Tensor Heads() => full([1, layout.Tokens, 1, 32], 0.5f, device: CPU).transpose(1, 2);
        var input = new AttentionInput(Heads(), Heads(), Heads());
        var shape = AttentionShape.Of(input);

        // The measure sees what is made and given back at once.
        Assert.True(PeakMemory.Growth(() => ones(Most / 2).Dispose()) > Most);
        foreach (var route in Enum.GetValues<AttentionRoute>())
        {
            Assert.True(PeakMemory.Growth(() => DenseAttention.Run(route, input, shape).Dispose()) < Most, $"{route}");
        }

        Assert.True(PeakMemory.Growth(() => GroupedAttention.Compute(input, layout, new(new AxisGroups(GroupSize.Image), TokenGrid.Of(layout))).Dispose()) < Most);
    }
}
