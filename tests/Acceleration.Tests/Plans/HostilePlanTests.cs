using System.Text;

namespace Acceleration.Tests.Plans;

/// <summary>Plans of hostile size, and text that is none.</summary>
public sealed class HostilePlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plans-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{ \"version\": 1, \"solver\": \"\\ud800\" }", "an escape that is no character")]
    [InlineData("{ \"version\": 1, \"\\udc00\": 1 }", "an escape that is no character")]
    [InlineData("{ \"version\": 1, \"strategies\": [ { \"\\ud800\": {} } ] }", "an escape that is no character")]
    [InlineData("{ \"version\": NaN }", "this is no JSON")]
    [InlineData("{ \"version\": 1e999 }", "1e999 is not allowed; must be the whole number 1")]
    [InlineData("{ \"version\": 1, \"solver\": \"ddim\", \"schedule\": { \"flow\": { \"steps\": 2147483648 } } }", "must be a whole number from 1 to 1000000")]
    [InlineData("{ \"version\": 1, \"solver\": \"ddim\", \"schedule\": { \"flow\": { \"steps\": 8, \"shift\": 1e999 } } }", "must be a number above 0")]
    [InlineData("{ \"version\": 1, \"solver\": \"ddim\", \"solver\": \"ddim\" }", "solver: the key is given twice")]
    public void TextAndNumbersThatAreNoneAreRefused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void HalfACharacterIsRefused()
    {
        // Not as data of a theory, which is made whole on its way to the test.
        var half = ((char)0xd800).ToString();
        var error = Assert.Throws<PlanException>(() => AccelerationPlan.FromJson($"{{ \"version\": 1, \"solver\": \"{half}\" }}"));
        Assert.Contains("this is no Unicode text", error.Message, StringComparison.Ordinal);
        Assert.Throws<PlanException>(() => AccelerationPlan.Parse("EC" + half));
    }

    [Fact]
    public void AMessageIsShortWhateverTheTextIs()
    {
        var text = new string('x', 100_000);
        string[] plans = [$"{{ \"version\": nan{text}", $"{{ \"version\": 1, \"solver\": \"{text}\" }}", $"{{ \"version\": 1, \"{text}\": 1 }}", $"{{ \"version\": 1, \"strategies\": [ {{ \"cached\": {{ \"where\": \"{text}\" }} }} ] }}"];
        Assert.All(plans, p => Assert.InRange(Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(p)).Message.Length, 10, 3000));
        Assert.InRange(Assert.Throws<PlanException>(() => AccelerationPlan.Parse("EC" + text)).Message.Length, 10, 3000);
    }

    [Fact]
    public void AMillionStepsAreTheMost()
    {
        var plan = AccelerationPlan.Parse("flow-euler1000000s3");
        Assert.Equal(plan, AccelerationPlan.FromJson(plan.ToJson()));
        using var network = Denoiser.From(new() { Name = "flow", Prediction = PredictionType.Flow, SampleSize = [1, 2, 2] }, (x, _, _) => x);
        var sampler = Sampler.For(network).Plan(plan).Build();
        Assert.Equal(Schedule.MostSteps, sampler.Steps);
        Assert.True(sampler.Stages[0].Grid.Points[^2].Sigma > sampler.Stages[0].Grid.Points[^1].Sigma);
        GridPoint[] many = [.. Enumerable.Repeat(new GridPoint(0, 1, 0), Schedule.MostSteps + 1)];
        Assert.Contains("1000001 steps; 1000000 at most", Assert.Throws<ArgumentException>(() => new Schedule("long", [.. many], [.. many])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVariancePreservingNetworkHasItsTrainingStepsOnly()
    {
        using var network = Denoiser.From(new() { Name = "vp", Prediction = PredictionType.Epsilon, SampleSize = [1, 2, 2], Noise = NoiseTable.Make(BetaSchedule.Linear) }, (x, _, _) => x);
        foreach (var tag in new[] { "ddim2147483647", "ddim1001trailing", "ddimsnr2147483647", "BN1n1000000", "ddimt1000.3" })
        {
            Assert.ThrowsAny<ArgumentException>(() => Sampler.For(network).Plan(AccelerationPlan.Parse(tag)));
        }
    }

    [Fact]
    public void ListsTagsAndStrategiesHaveAnEnd()
    {
        var steps = string.Join('.', Enumerable.Range(0, 10_000));
        Assert.Equal(10_000, Assert.IsType<StepForecast>(AccelerationPlan.Parse("SF" + steps).Strategies[0]).Steps.Count);
        Refused("a list has 10000 entries at most", $"SF{steps}.10000");
        Refused("characters is too long; 1048576 at most", new string('x', (1 << 20) + 1));
        Refused("1001 strategies are too many; 1000 at most", string.Join('+', Enumerable.Repeat("EC1", 1001)));
        var json = $$"""{ "version": 1, "strategies": [{{string.Join(",", Enumerable.Repeat("""{ "easycache": { "threshold": 1 } }""", 1001))}}] }""";
        Assert.Contains("1001 strategies are too many", Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsTooLongOrOfAnotherKindIsRefused()
    {
        var path = Path.Combine(_folder, "plan.json");
        Directory.CreateDirectory(path);
        Assert.Contains(path, Assert.ThrowsAny<IOException>(() => AccelerationPlan.Load(path)).Message, StringComparison.Ordinal);
        Directory.Delete(path);
        File.WriteAllText(path, "{ \"version\": 1 }", Encoding.Unicode);
        Assert.Equal(new(), AccelerationPlan.Load(path) with { Name = null });
        File.WriteAllText(path, new string(' ', (1 << 20) + 1));
        Assert.Contains("more than 1048576 characters", Assert.Throws<PlanException>(() => AccelerationPlan.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("NUL", Assert.Throws<PlanException>(() => AccelerationPlan.Parse("a\0b.json")).Message, StringComparison.Ordinal);
    }

    private static void Refused(string message, string tag) => Assert.Contains(message, Assert.Throws<PlanException>(() => AccelerationPlan.Parse(tag)).Message, StringComparison.Ordinal);
}
