using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Any entry of the first list with any of the second and any of the third: refused with the reason when the sampler is built, or it runs.</summary>
public sealed class RecombinationTests : LiveTensorTest
{
    public static TheoryData<string> Places => [.. Recombination.Places.Keys];

    /// <summary>What arrives later must not stay out of the lists.</summary>
    [Fact]
    public void EveryEntryOfTheLibraryIsInTheLists()
    {
        object[] listed = [.. Recombination.Decisions, .. Recombination.Forecasts, .. Recombination.Approximations, .. Recombination.Ranges, AllBlocks.Instance];
        Type[] lists = [typeof(IWhen), typeof(IHow), typeof(IForecast), typeof(IRangeRule)];
        var missing = PlanVocabulary.Default.Types.Where(t => lists.Any(l => l.IsAssignableFrom(t))).Except(listed.Select(o => o.GetType())).Select(t => t.Name);
        Assert.True(!missing.Any(), $"Add {string.Join(", ", missing)} to {nameof(Recombination)}.");
    }

    /// <summary>
    /// All triples are built. Of those that are not refused, so many run at each place that every decision and every approximation that it takes is among them; with which of the other, places take turns.
    /// </summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void EachIsRefusedWithTheReasonOrRuns(string name)
    {
        var place = Recombination.Places[name];
        var (whens, hows) = (Recombination.Decisions, Recombination.Approximations);
        using var network = place.Network();
        var before = Tensor.TotalCount;
        var (ran, taken) = (new HashSet<object>(ReferenceEqualityComparer.Instance), new HashSet<object>(ReferenceEqualityComparer.Instance));
        var turn = Array.IndexOf([.. Recombination.Places.Keys], name);
        for (var k = 0; k < whens.Length * hows.Length; k++)
        {
            // Diagonals: one after another they meet every pair, and each of them every decision with another approximation.
            var (when, how) = (whens[k % whens.Length], hows[((k % whens.Length) + (k / whens.Length) + turn) % hows.Length]);
            if (Built(network, place.With(when, how)) is not { } sampler)
            {
                continue;
            }

            taken.UnionWith([when, how]);
            if (!ran.Contains(when) || !ran.Contains(how))
            {
                ran.UnionWith([when, how]);
                RequireRuns(sampler, place.With(when, how));
            }
        }

        Assert.True(taken.SetEquals(ran));
        Assert.True(taken.Count > (whens.Length + hows.Length) / 2, $"{name} takes {taken.Count} of {whens.Length + hows.Length} entries.");
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>The sampler, or null where it is refused, with a reason that names the combination.</summary>
    private static Sampler? Built(IDenoiser network, Cached cached)
    {
        try
        {
            return Sampler.For(network).FlowEuler(Recombination.Steps).Guidance(2.5).Use(cached).Build();
        }
        catch (StrategyConflictException e)
        {
            Assert.Equal([cached], e.Strategies);
            Assert.StartsWith($"{cached.Tag}", e.Message, StringComparison.Ordinal);
            Assert.True(e.Message.Length > cached.Tag.Length + 20, e.Message);
            return null;
        }
    }

    private static void RequireRuns(Sampler sampler, Cached cached)
    {
        var (values, trace) = Toy.Run(sampler, 2);
        Assert.True(values.All(float.IsFinite), $"{cached.Tag} gives values that are not finite.");
        Assert.Equal(Recombination.Steps, trace.Steps.Count);
        Assert.DoesNotContain(trace.Steps[0].Decisions, d => d.Skip);
        Assert.All(trace.Steps, s => Assert.True(s.Decisions.Count > 0 || s.MultiplyAdds < s.FullMultiplyAdds, $"{cached.Tag} records no decision in {s.Step}."));
        Assert.True(trace.Steps.Any(s => s.Decisions.Any(d => d.Skip)), $"{cached.Tag} skips nothing.");
        Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds, $"{cached.Tag} spares no work.");
        Assert.All(trace.Steps.SelectMany(s => s.Decisions), d => Assert.Equal(cached.Tag, d.Strategy));
    }
}
