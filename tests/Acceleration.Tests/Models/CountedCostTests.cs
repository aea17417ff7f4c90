using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What networks state as their cost, held against what their operators do: with texts and films of several lengths, as a whole and at each site.</summary>
public sealed class CountedCostTests : ModelTest
{
    private const int Rows = 2;

    // The promise is 1 %; what is stated leaves nothing out.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData("dit", 0)]
    [InlineData("dit_original", 0)]
    [InlineData("unet2d_ddpm", 0)]
    [InlineData("policy_unet1d", 0)]
    [InlineData("policy_transformer_encoder_only", 0)]
    [InlineData("policy_transformer_time_cond", 0)]
    [InlineData("policy_transformer_obs_causal", 3)]
    [InlineData("policy_transformer_obs_encoder", 1)]
    [InlineData("policy_transformer_obs_encoder", 2)]
    [InlineData("unet_sd15", 5)]
    [InlineData("unet_sd15", 154)]
    [InlineData("unet_sd21_vpred", 9)]
    [InlineData("unet_sdxl", 3)]
    [InlineData("unet_sdxl", 77)]
    [InlineData("unet_lcm_cond", 20)]
    [InlineData("pixart_alpha_256", 6)]
    [InlineData("pixart_alpha_256", 120)]
    [InlineData("pixart_alpha_microcond", 300)]
    [InlineData("flux_dev", 4)]
    [InlineData("flux_dev", 96)]
    [InlineData("flux_schnell", 33)]
    [InlineData("sd3", 11)]
    [InlineData("sd35", 3)]
    [InlineData("sd35", 333)]
    public void OfPicturesAndActions(string fixture, int text) => Holds(fixture, text, frames: 1);

    [Theory]
    [InlineData("latte", 7, 2)]
    [InlineData("latte", 120, 5)]
    [InlineData("latte_options", 30, 3)]
    [InlineData("wan_t2v", 5, 2)]
    [InlineData("wan_t2v", 100, 6)]
    [InlineData("wan_i2v", 17, 3)]
    [InlineData("wan_frames", 17, 4)]
    [InlineData("cogvideox", 5, 2)]
    [InlineData("cogvideox", 60, 5)]
    [InlineData("cogvideox_15", 9, 4)]
    [InlineData("cogvideox_learned", 4, 2)]
    public void OfFilms(string fixture, int text, int frames) => Holds(fixture, text, frames);

    /// <summary>Texts of one length are evaluated together, others apart; each branch counts its own, also where a strategy leaves a part of the work out.</summary>
    [Theory]
    [InlineData("wan_t2v")]
    [InlineData("pixart_alpha_256")]
    [InlineData("sd35")]
    [InlineData("unet_sd15")]
    public void BranchesCountTheirOwnText(string fixture)
    {
        const int Steps = 4;
        using var network = Networks.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        var info = network.Info;
        var size = Size(fixture, info, 3);
        using var condition = Condition(info, size, 40, 1);
        using var negative = Condition(info, size, 3, 1);
        var (wanted, unwanted) = (info.MultiplyAdds(size, condition), info.MultiplyAdds(size, negative));
        Assert.True(wanted > 1.05 * unwanted);

        foreach (var strategy in new IStrategy[] { null!, new Cached(Where.CrossAttention, new Interval(2), How.LastValue), new Cached(Where.Attention, new Interval(2), How.LastValue), new Cached(Where.Blocks, new Interval(2), How.LastValue) })
        {
            var builder = (info.Prediction == PredictionType.Flow ? Sampler.For(network).FlowEuler(Steps) : Sampler.For(network).Ddim(Steps)).Use(new ClassifierFreeGuidance(2)).SeparateBranches();
            if (strategy is not null && !info.Sites.All.Any(((Cached)strategy).Where.Matches))
            {
                continue;
            }

            using var counted = new CountedMultiplyAdds();
            using var result = (strategy is null ? builder : builder.Use(strategy)).Build().Generate(new() { Condition = condition, Negative = negative, Size = size, Seed = 1 }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(Steps * (wanted + unwanted), result.Trace.FullMultiplyAdds, Tolerance * Steps * wanted);
            Within(result.Trace.MultiplyAdds, counted.Total, strategy?.Tag ?? "no strategy");
            Assert.True(strategy is null || result.Trace.MultiplyAdds < 0.99 * result.Trace.FullMultiplyAdds);
        }
    }

    [Fact]
    public void WithoutARequestATextHasItsUsualLength()
    {
        using var network = Networks.Load(Fixture("sd35"));
        Assert.Equal(333, network.Info.TextTokens());
        using var condition = Condition(network.Info, Size("sd35", network.Info, 1), 21, Rows);
        Assert.Equal(21, network.Info.TextTokens(condition));
    }

    private static void Holds(string fixture, int text, int frames)
    {
        using var network = Networks.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        var (info, size) = (network.Info, Size(fixture, network.Info, frames));
        using var condition = Condition(info, size, text, Rows);
        using var scope = NewDisposeScope();
        var latents = Normal(1, [Rows, .. size]);
        var times = full(Rows, 500f).ToTestDevice();

        // Operators measure their forms in the first call.
        network.Predict(latents, times, condition, Evaluation.Plain(Rows));
        using (var counted = new CountedMultiplyAdds())
        {
            network.Predict(latents, times, condition, Evaluation.Plain(Rows));
            Within(Rows * info.MultiplyAdds(size, condition), counted.Total, "the network");
        }

        // In each call the outermost sites of those that are left: one inside another would be counted with it.
        var left = info.Sites.All.Where(s => s.Kind is not (SiteKind.Prediction or SiteKind.Network)).ToHashSet();
        while (left.Count > 0)
        {
            var (before, inside) = (left.Count, false);
            var claims = new Requirements { Sites = [.. left.Select(s => new SiteClaim(Where.Path(s.Path), HookPhase.Cache))] };
            network.Predict(latents, times, condition, HookedEvaluation.Of(info, Rows, new CheckHook(Counted), claims, out _, condition));
            Assert.True(left.Count < before, $"The network raises none of {string.Join(", ", left.Select(s => s.Path))}.");

            Value Counted(SiteCall call, Value h, CheckedBody body)
            {
                if (inside || !left.Remove(call.Site))
                {
                    return body.Whole(h);
                }

                var (site, stated) = (call.Site, call.Evaluation.Cost(call.Site, h));
                Assert.Equal(info.Layout(size).Tokens * site.Share, (double)(call.Layout!.Tokens * h.Main.size(0) / Rows));
                inside = true;
                using var counted = new CountedMultiplyAdds();

                // Row by row: some networks do more than a site's own work together with it where it is whole.
                var result = Value.Concat([body.Rows(h, [0]), body.Rows(h, [1])]);
                inside = false;
                Within(stated, counted.Total, site.Path);
                return result;
            }
        }
    }

    private static void Within(double stated, double done, string what) =>
        Assert.True(Math.Abs(stated - done) <= Tolerance * done, FormattableString.Invariant($"{what}: {stated} multiply-adds are stated, {done} are done."));

    /// <summary>A small size that is not that of training where that may be.</summary>
    private static long[] Size(string fixture, DenoiserInfo info, int frames)
    {
        long unit = info.SizeMultiple == 1 ? 4 : info.SizeMultiple;
        long[] sides = fixture.EndsWith("_learned", StringComparison.Ordinal) ? [.. info.SampleSize.Skip(2)] : [2 * unit, 4 * unit];
        return info.SampleSize.Count switch
        {
            2 => [.. info.SampleSize],
            3 => [info.Channels, .. sides],
            _ => [info.Channels, frames, .. sides],
        };
    }

    private static Conditioning Condition(DenoiserInfo info, long[] size, int text, int rows)
    {
        using var scope = NewDisposeScope();
        return new(rows, [.. info.Conditions.Where(c => !(c.IsOptional && c.IsSpatial)).Select(c => (c.Name, Random(c)))]);

        Tensor Random(ConditionSpec spec)
        {
            IReadOnlyList<long> whole = spec.FollowsLatents ? [spec.Size[0], .. size[1..]]
                : spec.IsSequence && spec.Name is ConditionNames.Text or ConditionNames.TextMask or ConditionNames.Observation ? [text, .. spec.Size.Skip(1)]
                : spec.Size;
            return (spec.DType == ScalarType.Bool ? ones([rows, .. whole], ScalarType.Bool)
                : spec.DType == ScalarType.Int64 ? arange(rows, ScalarType.Int64)
                : Normal(2, [rows, .. whole])).ToTestDevice();
        }
    }
}
