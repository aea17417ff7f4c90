using System.Globalization;

namespace Acceleration.Tests.Plans;

/// <summary>docs/plans.md: reading takes time in proportion to the text. What is allocated tells, where a part of the text is copied or a list made anew for each of its entries.</summary>
public sealed class LinearTimeTests
{
    private const int Doublings = 4;

    // Constant parts only make the growth smaller; tables that double make it larger by some.
    private const double MostGrowth = 2.3;

    private static readonly PlanVocabulary Vocabulary = PlanVocabulary.Default.With<Inside>();

    // A text for a size, up to the largest that is read.
    private static readonly Dictionary<string, (int Largest, Func<int, string> Text)> Texts = new()
    {
        ["list in a tag"] = (10_000, n => "SF" + Numbers(n, '.')),
        ["list in JSON"] = (10_000, n => Json($$"""{ "stepForecast": { "steps": [{{Numbers(n, ',')}}] } }""")),
        ["records in a tag"] = (10_000, n => "BN" + string.Join('/', Enumerable.Repeat("1n10", n))),
        ["strategies in a tag"] = (1000, n => string.Join('+', Enumerable.Repeat("EC0.05", n))),
        ["strategies in JSON"] = (1000, n => Json(string.Join(',', Enumerable.Repeat("""{ "easycache": { "threshold": 0.05 } }""", n)))),
        ["lists in strategies"] = (1000, n => string.Join('+', Enumerable.Repeat("SF" + Numbers(100, '.'), n))),
        ["nests in strategies"] = (1000, n => string.Join('+', Enumerable.Repeat($"C:network:{string.Concat(Enumerable.Repeat("inside:", 12))}every2", n))),
        ["nests in strategies in JSON"] = (1000, n => Json(string.Join(',', Enumerable.Repeat(Nested(12), n)))),
        ["white space"] = (1 << 19, n => Json(new string(' ', n))),
        ["escapes in text"] = (200_000, n => "on" + string.Concat(Enumerable.Repeat("%41", n))),
        ["unknown text"] = (1 << 19, n => new string('x', n)),
        ["unknown text behind a list"] = (10_000, n => $"SF{Numbers(n, '.')}?"),
        ["unknown key"] = (1 << 19, n => $$"""{ "version": 1, "{{new string('x', n)}}": 1 }"""),
        ["wrong entry at the end of a list"] = (9999, n => Json($$"""{ "stepForecast": { "steps": [{{Numbers(n, ',')}}, null] } }""")),
        ["list of the wrong type"] = (10_000, n => Json($$"""{ "easycache": { "threshold": [{{Numbers(n, ',')}}] } }""")),
    };

    public static TheoryData<string> All => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void TwiceTheTextTakesTwiceTheMemory(string name)
    {
        var (largest, make) = Texts[name];
        string[] texts = [.. Enumerable.Range(0, Doublings + 1).Select(i => make(largest >> (Doublings - i)))];
        long[] allocated = [.. texts.Append(texts[0]).Select(Allocated).Skip(1)];
        for (var i = 0; i + 1 < Doublings; i++)
        {
            Assert.True(allocated[i + 1] <= (MostGrowth * allocated[i]) + 4096, $"{string.Join(", ", allocated)} bytes for texts of {string.Join(", ", texts.Skip(1).Select(t => t.Length))}.");
        }

        Assert.InRange((double)allocated[Doublings - 1] / texts[^1].Length, 0, 1000);
    }

    /// <summary>Whether it is a plan or refused.</summary>
    private static long Allocated(string text)
    {
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Read()
        {
            try
            {
                _ = text[0] == '{' ? AccelerationPlan.FromJson(text, Vocabulary) : AccelerationPlan.Parse(text, Vocabulary);
            }
            catch (PlanException)
            {
            }
        }
    }

    private static string Numbers(int count, char separator) => string.Join(separator, Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)));

    private static string Json(string strategies) => $$"""{ "version": 1, "strategies": [{{strategies}}] }""";

    private static string Nested(int depth) => depth == 0
        ? """{ "interval": { "every": 2 } }"""
        : depth == 12 ? $$"""{ "cached": { "where": "network", "when": {{Nested(11)}} } }""" : $$"""{ "inside": { "when": {{Nested(depth - 1)}} } }""";

    [Entry("inside", "inside")]
    private sealed record Inside([property: InTag(":")] IWhen When) : StaticWhen
    {
        public override bool Skips(StepInfo step) => false;
    }
}
