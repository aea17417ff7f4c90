using System.Text.Json.Nodes;

namespace Acceleration.Tests.Plans;

/// <summary>The schema in docs/ is the one that the types make, and plans follow it.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(AccelerationPlan.Schema)!.AsObject();

    [Fact]
    public void TheCopyInDocsIsNotStale()
    {
        var copy = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", "plan.schema.json")).ReplaceLineEndings("\n");
        Assert.True(copy == AccelerationPlan.Schema, "docs/plan.schema.json is stale. Write it anew: dotnet run eng/PlanSchema.cs docs/plan.schema.json; then build again");
    }

    [Fact]
    public void EveryEntryIsInIt()
    {
        foreach (var type in PlanVocabulary.Default.Types)
        {
            var definition = Schema["$defs"]![type.Name]!;
            Assert.Equal(
                Drawn.Parameters(type).Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).Order(StringComparer.Ordinal),
                definition["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
            Assert.False(definition["additionalProperties"]!.GetValue<bool>());
        }
    }

    [Fact]
    public void PlansDrawnAtRandomFollowIt()
    {
        var random = new Random(11);
        var drawn = new Drawn(random);
        foreach (var type in PlanVocabulary.Default.Types.Where(typeof(IStrategy).IsAssignableFrom))
        {
            for (var i = 0; i < 12; i++)
            {
                var plan = AccelerationPlan.Of((IStrategy)drawn.Entry(type)) with
                {
                    Solver = new Ddim { Eta = 0.5 },
                    Schedule = (IGrid)drawn.Entry(typeof(DdimGrid)),
                    Clip = (SampleClip)drawn.Entry(typeof(SampleClip)),
                    Calibration = (Calibration)drawn.Entry(typeof(Calibration)),
                };
                Assert.Null(SchemaCheck.Fault(Schema, plan.ToJson()));
                Assert.Null(SchemaCheck.Fault(Schema, (plan with { Schedule = null, Stages = (IStaging)drawn.Entry(random.Next(2) == 0 ? typeof(Bottleneck) : typeof(Upsampling)) }).ToJson()));
            }
        }
    }

    [Theory]
    [InlineData("""{ "strategies": [] }""")]
    [InlineData("""{ "version": 2 }""")]
    [InlineData("""{ "version": 1, "stratgies": [] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "easycache": {} } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ "easycache" ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "easycache": { "threshold": -1 } } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "easycache": { "threshold": 1, "warmup": "3" } } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "easycache": { "threshold": 1 }, "tomesd": {} } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "tomesd": { "ratio": 1 } } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "tomesd": { "parts": [ "head" ] } } ] }""")]
    [InlineData("""{ "version": 1, "strategies": [ { "stepForecast": { "steps": [ 1, 2 ] } } ] }""")]
    public void WhatIsRefusedDoesNotFollowIt(string json)
    {
        Assert.NotNull(SchemaCheck.Fault(Schema, json));
        Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(json));
    }
}
