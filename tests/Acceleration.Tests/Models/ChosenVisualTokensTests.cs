using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The tokens of a first frame, of which a network looks at some: EfficientVLA's choice where a network here has visual tokens.</summary>
public sealed class ChosenVisualTokensTests : VideoNetworkTest
{
    [Fact]
    public void TokensThatSayTheSameAreLeftOutWithoutALoss()
    {
        using var network = Open(Fixture("wan_i2v"));
        var stored = Stored("wan_i2v", 4);
        var image = stored.Conditions.Single(c => c.Name == ConditionNames.Image).Tensor;

        // Four tokens, two of each kind: each row's own.
        var doubled = cat([image[.., 0..2], image[.., 0..2]], 1);
        var kept = Enumerable.Range(0, 2).Select(row =>
        {
            var chosen = VisualTokens.Select([4, 1, 3, 2], doubled[row].Floats(), keep: 2, best: 1, share: 0);
            Assert.Single(chosen, t => t % 2 == 0);
            return doubled[row].index_select(0, tensor(chosen.Select(t => (long)t).ToArray(), device: doubled.device));
        }).ToArray();

        var whole = stored.With(ConditionNames.Image, doubled).Run(network);
        Assert.InRange(Difference(stored.With(ConditionNames.Image, stack(kept, 0)).Run(network), whole), 0, 1e-5);
        Assert.True(Difference(stored.With(ConditionNames.Image, doubled[.., 0..1]).Run(network), whole) > 1e-3);
    }
}
