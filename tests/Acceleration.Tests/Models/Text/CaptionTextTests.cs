using System.Text.Json;
using Acceleration.Models;

namespace Acceleration.Tests.Models;

/// <summary>Captions cleaned as the published pipelines do.</summary>
public sealed class CaptionTextTests : ModelTest
{
    private static readonly string[][] Cases = JsonSerializer.Deserialize<string[][]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "text", "captions.json")))!;

    /// <summary>The expected texts are those of the reference's function, with Python 3.11, BeautifulSoup 4.11.2 and ftfy 6.3.1.</summary>
    [Fact]
    public void CasesAreTheReferences()
    {
        Assert.True(Cases.Length > 100);
        Assert.All(Cases, c => Assert.Equal(c[1], CaptionText.Clean(c[0])));
    }

    [Fact]
    public void PlainCaptionsAreLowerCaseWithoutSpaceAround()
    {
        Assert.Equal("a <b>cat</b>,dog", CaptionText.Plain("\x1c A <b>Cat</b>,Dog \u00a0"));
        Assert.Throws<ArgumentNullException>(() => CaptionText.Clean(null!));
        Assert.Throws<ArgumentNullException>(() => CaptionText.Plain(null!));
    }

    /// <summary>No rule takes time out of proportion on a long prompt of nothing but one of its characters.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("<a ")]
    [InlineData("= ")]
    [InlineData("a.")]
    [InlineData("&a")]
    [InlineData("1")]
    [InlineData(" ")]
    [InlineData("\"")]
    public void LongCaptionsEnd(string piece)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        CaptionText.Clean(string.Concat(Enumerable.Repeat(piece, 4000)));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("pixart")]
    [InlineData("latte")]
    public void PipelinesCleanUnlessToldNotTo(string family)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        const string prompt = "A Cat,dog @nick";
        var raw = new PipelineCall { CleansCaptions = false };
        Assert.Equal(Encoded(new(), prompt), Encoded(raw, CaptionText.Clean(prompt)));
        Assert.NotEqual(Encoded(new(), prompt), Encoded(raw, prompt));
        Assert.Equal(Encoded(raw, prompt), Encoded(raw, "a cat,dog @nick"));
        Assert.Equal(Encoded(new(), prompt), Encoded(null, prompt));

        string Encoded(PipelineCall? call, string text)
        {
            using var prompts = call is null ? pipeline.Encode(text) : pipeline.Encode(call, text);
            using var negative = pipeline.EncodeNegative([text], prompts, call);
            var states = prompts.Condition[ConditionNames.Text];
            Assert.Equal(states.data<float>().ToArray(), negative.Condition[ConditionNames.Text].data<float>().ToArray());
            return string.Join(' ', states.data<float>().ToArray());
        }
    }
}
