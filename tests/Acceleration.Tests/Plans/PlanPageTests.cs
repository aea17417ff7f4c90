using System.Text.RegularExpressions;
using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Plans;

/// <summary>What docs/plans.md shows is so.</summary>
public sealed partial class PlanPageTests
{
    private static readonly string Page = Read("plans.md");

    [Fact]
    public void TheJsonIsAPlanWithTheTagShown()
    {
        var plan = AccelerationPlan.FromJson(Blocks().Matches(Page).Single(m => m.Groups[1].Value == "json").Groups[2].Value);
        var tag = Blocks().Matches(Page).Single(m => m.Groups[1].Value.Length == 0).Groups[2].Value.Trim();

        Assert.Equal(tag, (plan with { Calibration = null }).Text);
        Assert.Equal(plan with { Calibration = null }, AccelerationPlan.Parse(tag));
        Assert.Equal(new() { Network = "5c1f0a9d37e2", Steps = 50, Solver = "ddim", Size = [4, 32, 32] }, plan.Calibration);
    }

    [Fact]
    public void TheCodeDoesWhatItSays()
    {
        var folder = Directory.CreateTempSubdirectory("plans");
        var file = Path.Combine(folder.FullName, "plan.json");
        try
        {
            using var network = new ChainToy(type: PredictionType.Epsilon);
            var plan = AccelerationPlan.Parse("ddim50+CFG2+EC0.05");
            var sampler = Sampler.For(network).Plan(plan).Build();
            sampler.ToPlan().Save(file);

            Assert.Equal("ddim50+CFG2+EC0.05", sampler.Tag);
            Assert.Equal(plan, AccelerationPlan.Load(file));
            Assert.Equal(plan, Sampler.For(network).Ddim(steps: 50).Guidance(scale: 2).Plan(AccelerationPlan.Parse("EC0.05")).Build().ToPlan());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void TheTagsAndSelectorsInItAreReal()
    {
        string[] parsed = [.. Words().Matches(Page[Page.IndexOf("| piece", StringComparison.Ordinal)..Page.IndexOf("A plan of more", StringComparison.Ordinal)]).Select(m => m.Groups[1].Value).Where(w => char.IsAsciiLetterUpper(w[0]) || w.StartsWith("ddim", StringComparison.Ordinal))];
        Assert.True(parsed.Length >= 6, string.Join(' ', parsed));
        Assert.All(parsed.Where(w => w.Any(char.IsAsciiDigit) && !w.StartsWith("1E", StringComparison.Ordinal)), tag => Assert.Equal(tag, AccelerationPlan.Parse(tag).Text));
        Assert.All(new[] { "ff.gated@3-8", "cut.0", "path=blocks.1" }, s => Assert.Contains($"`{Where.Parse(s).Tag}`", Page, StringComparison.Ordinal));
        Assert.Contains(Assert.Throws<PlanException>(() => AccelerationPlan.FromJson("""{ "version": 1, "strategies": [ "tomesd", { "tomesd": { "ratio": 1 } } ] }""")).Message, Page, StringComparison.Ordinal);
    }

    [Fact]
    public void TheVocabularyOfTheStrategyPageIsSo()
    {
        var page = Read("your-own-strategy.md");
        Assert.Contains("`AB3from0.2`", page, StringComparison.Ordinal);
        Assert.Equal("AB3from0.2", new AttentionBroadcast(3, Start: 0.2).Tag);

        // The lines of the page.
        var vocabulary = PlanVocabulary.Default.With<AttentionBroadcast>().With<Window>().With<DirectionCache>().With<DirectionChange>().With<FrozenFeedForward>().With<WarmUpGuidance>();
        var plan = AccelerationPlan.Parse("flow-euler10+AB3from0.2", vocabulary);
        Assert.Contains("var vocabulary = PlanVocabulary.Default.With<AttentionBroadcast>().With<Window>().With<DirectionCache>().With<DirectionChange>().With<FrozenFeedForward>().With<WarmUpGuidance>();", page, StringComparison.Ordinal);
        Assert.Contains("var plan = AccelerationPlan.Parse(\"flow-euler10+AB3from0.2\", vocabulary);", page, StringComparison.Ordinal);
        Assert.Equal([new AttentionBroadcast(3, Start: 0.2)], plan.Strategies);
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", name)).ReplaceLineEndings("\n");

    [GeneratedRegex("```(\\w*)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Words();
}
