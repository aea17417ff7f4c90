namespace Acceleration.Tests.Plans;

/// <summary>The grammar holds for entries that the library does not have: nested in themselves, in lists, with text, switches and nothing.</summary>
public sealed class NestingTests
{
    private static readonly PlanVocabulary Vocabulary = PlanVocabulary.Default.With<Either>().With<Majority>().With<Named>();

    [Fact]
    public void EntriesInEntriesAreTheSameAgain()
    {
        var drawn = new Drawn(new(23), Vocabulary);
        var deepest = 0;
        for (var i = 0; i < 1500; i++)
        {
            var when = (IWhen)drawn.Entry(new[] { typeof(Either), typeof(Majority), typeof(Named) }[i % 3]);
            var plan = AccelerationPlan.Of(new Cached(Where.Chain, when, How.Linear(Abscissa.Step)) { Range = new FrontRearRange(3, 2) });
            if (plan.ToJson().Split('\n').Max(line => line.Length - line.TrimStart().Length) > 2 * 24)
            {
                // Deeper than plans are read.
                continue;
            }

            var read = AccelerationPlan.Parse(plan.Text, Vocabulary);

            Assert.Equal(plan.ToJson(), read.ToJson());
            Assert.Equal(plan.Text, read.Text);
            Assert.Equal(plan.ToJson(), AccelerationPlan.FromJson(plan.ToJson(), Vocabulary).ToJson());
            deepest = Math.Max(deepest, plan.Text.Split("either").Length);
        }

        Assert.True(deepest > 4, $"{deepest}");
    }

    [Fact]
    public void AnEndlessNestIsRefused()
    {
        var tag = $"C:network:{string.Concat(Enumerable.Repeat("either:", 5000))}";
        Assert.Contains("more than 16 entries lie in each other", Assert.Throws<PlanException>(() => AccelerationPlan.Parse(tag, Vocabulary)).Message, StringComparison.Ordinal);
        var json = $$"""{ "version": 1, "strategies": [ { "cached": { "when": {{string.Concat(Enumerable.Repeat("""{ "either": { "first": """, 5000))}} """;
        Assert.Contains("this is no JSON", Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(json, Vocabulary)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(TwoFree), "Second needs a key")]
    [InlineData(typeof(Ambiguous), "'on' and what may follow it read as 'one'")]
    [InlineData(typeof(Exponent), "E alone looks like an exponent")]
    [InlineData(typeof(UpperKey), "keys are lower-case letters")]
    [InlineData(typeof(BareSwitch), "On needs a key")]
    [InlineData(typeof(Untaggable), "plans cannot hold a DateTime")]
    [InlineData(typeof(Hidden), "'depth' has no public property")]
    public void AttributesThatCouldNotBeReadAgainAreRefused(Type type, string reason) =>
        Assert.Contains(reason, Assert.Throws<PlanException>(() => PlanVocabulary.Default.With(type)).Message, StringComparison.Ordinal);

    [Entry("either", "either")]
    private sealed record Either([property: InTag(":")] IWhen First, [property: InTag(":")] IWhen Second, [property: InTag("w")] int Width = 3) : StaticWhen
    {
        [InTag]
        public MetricSpace Space { get; init; } = MetricSpace.X0;

        public override bool Skips(StepInfo step) => false;
    }

    [Entry("majority", "most")]
    private sealed record Majority([property: InTag("/")] IReadOnlyList<IWhen> Of, [property: InTag("t")] bool Ties) : StaticWhen
    {
        [InTag("m")]
        public int? Least { get; init; } = 4;

        public override bool Skips(StepInfo step) => false;
    }

    [Entry("named", "named")]
    private sealed record Named([property: InTag] string Name, [property: InTag("^")] double Weight = 1.5, [property: InTag("@")] string? Comment = "none") : StaticWhen
    {
        public override bool Skips(StepInfo step) => false;
    }

    [Entry("twoFree", "x")]
    private sealed record TwoFree([property: InTag] int First, [property: InTag] int Second);

    [Entry("ambiguous", "x")]
    private sealed record Ambiguous([property: InTag("on")] bool On = false, [property: InTag("e")] int Every = 1, [property: InTag("one")] int One = 1);

    [Entry("exponent", "E")]
    private sealed record Exponent([property: InTag] int First);

    [Entry("upperKey", "x")]
    private sealed record UpperKey([property: InTag("W")] int First);

    [Entry("bareSwitch", "x")]
    private sealed record BareSwitch([property: InTag] bool On = false);

    [Entry("untaggable", "x")]
    private sealed record Untaggable([property: InTag("d")] DateTime Day);

    [Entry("hidden", "x")]
    private sealed class Hidden(int depth)
    {
        public override string ToString() => $"{depth}";
    }
}
