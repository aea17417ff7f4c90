using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

/// <summary>Checking many files must not fill the memory, whether they hold or not.</summary>
public sealed class LeftoverTests : ToolTest
{
    [Theory]
    [InlineData("models/dit_original")]
    [InlineData("schedulers/ddim_leading_eta05")]
    [InlineData("caching/easycache_sequence")]
    [InlineData("tokens/tomesd_random2d")]
    [InlineData("guidance/adaptive_guidance")]
    [InlineData("guidance/loop_ddim_cfg")]
    [InlineData("guidance/cfg_image")]
    [InlineData("guidance/apg_image")]
    [InlineData("guidance/fdg_image_padded")]
    [InlineData("guidance/loop_ddim_apg")]
    [InlineData("guidance/cfgpp_ddim")]
    [InlineData("pipelines/dit_cfg")]
    public void ACheckLeavesNoTensorBehind(string name)
    {
        var alive = LiveTensors.Count();
        Acceleration.Tool.Verification.Of(Golden.PathOf(name), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alive, Tensor.TotalCount);
    }

    [Fact]
    public void CommandsLeaveNoTensorBehind()
    {
        var alive = LiveTensors.Count();
        Assert.Equal(0, Run("doctor").Code);
        Assert.Equal(0, Run("inspect", Tiny).Code);
        Assert.Equal(0, Run("generate", Tiny, "--labels", "0", "--steps", "2", "--previews", "1", "-o", PathOf("out")).Code);
        Assert.Equal(alive, Tensor.TotalCount);
    }
}
