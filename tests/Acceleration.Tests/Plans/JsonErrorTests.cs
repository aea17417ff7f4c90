namespace Acceleration.Tests.Plans;

/// <summary>What is wrong with a plan in JSON is told with its place, its value, and what would be right.</summary>
public sealed class JsonErrorTests
{
    [Theory]
    [InlineData("""{ "easycache": { "threshold": -1 } }""", "strategies[1].easycache.threshold: -1 is not allowed; must be a number of at least 0.")]
    [InlineData("""{ "easycache": { "threshold": "much" } }""", "strategies[1].easycache.threshold: \"much\" is not allowed; must be a number of at least 0.")]
    [InlineData("""{ "easycache": { "threshold": 1e999 } }""", "strategies[1].easycache.threshold: 1e999 is not allowed; must be a number of at least 0.")]
    [InlineData("""{ "easycache": { "threshold": null } }""", "strategies[1].easycache.threshold: null is not allowed; must be a number of at least 0.")]
    [InlineData("""{ "easycache": {} }""", "strategies[1].easycache: 'threshold' is missing; it is a number of at least 0.")]
    [InlineData("\"easycache\"", "strategies[1].easycache: 'threshold' is missing")]
    [InlineData("""{ "easycache": { "threshold": 0.1, "warmup": 2.5 } }""", "strategies[1].easycache.warmup: 2.5 is not allowed; must be a whole number of at least 0.")]
    [InlineData("""{ "easycache": { "threshold": 0.1, "warmup": 3000000000 } }""", "strategies[1].easycache.warmup: 3000000000 is not allowed")]
    [InlineData("""{ "easycache": { "treshold": 0.1 } }""", "strategies[1].easycache: there is no key 'treshold'; did you mean 'threshold'? (known: apart, maxSkip, reuse, sinceComputed, start, stop, stride, tail, threshold, warmup)")]
    [InlineData("""{ "easycache": { "threshold": 0.1, "threshold": 0.2 } }""", "strategies[1].easycache.threshold: the key is given twice.")]
    [InlineData("""{ "easycache": { "threshold": 0.1, "reuse": "residuals" } }""", "strategies[1].easycache.reuse: there is no value 'residuals'; did you mean 'residual'?")]
    [InlineData("""{ "easycache": { "threshold": 0.1, "reuse": 1 } }""", "strategies[1].easycache.reuse: 1 is not allowed; must be one of \"output\", \"residual\", \"clean\".")]
    [InlineData("""{ "easycache": 0.1 }""", "strategies[1].easycache: 0.1 is not allowed; must be an object with \"threshold\"")]
    [InlineData("""{ "easyCache": { "threshold": 0.1 } }""", "strategies[1]: there is no strategy 'easyCache'; did you mean 'easycache'?")]
    [InlineData("{}", "strategies[1]: the name of a strategy is missing")]
    [InlineData("""{ "easycache": { "threshold": 0.1 }, "tomesd": {} }""", "strategies[1]: one name is expected, not 'easycache' and 'tomesd': each entry is an object of its own.")]
    [InlineData("7", "strategies[1]: 7 is not allowed; must be a strategy: an object with its name.")]
    [InlineData("""{ "cfg": { "scale": 2 } }""", "CFG2 has a part in guidance; it belongs to the guidance.")]
    [InlineData("""{ "tomesd": { "ratio": 1 } }""", "strategies[1].tomesd.ratio: 1 is not allowed; must be a number of at least 0 and below 1.")]
    [InlineData("""{ "tomesd": { "random": "no" } }""", "strategies[1].tomesd.random: \"no\" is not allowed; must be true or false.")]
    [InlineData("""{ "tomesd": { "parts": "attention" } }""", "strategies[1].tomesd.parts: \"attention\" is not allowed; must be an array of \"attention\", \"crossAttention\", \"feedForward\".")]
    [InlineData("""{ "tomesd": { "parts": [ "atention" ] } }""", "strategies[1].tomesd.parts[0]: there is no value 'atention'; did you mean 'attention'?")]
    [InlineData("""{ "stepForecast": { "steps": [1, 2] } }""", "strategies[1].stepForecast.steps: [1, 2] is not allowed; must be a list of whole numbers of at least 0 that ascend strictly and begin with 0.")]
    [InlineData("""{ "stepForecast": { "steps": 3 } }""", "strategies[1].stepForecast.steps: 3 is not allowed; must be a list of whole numbers")]
    [InlineData("""{ "stepForecast": { "steps": [0, 1.5] } }""", "strategies[1].stepForecast.steps[1]: 1.5 is not allowed; must be a whole number.")]
    [InlineData("""{ "intervalForecast": { "every": 2, "order": 2, "warmup": 1 } }""", "strategies[1].intervalForecast.warmup: 1 is not allowed: Must be at least 3.")]
    [InlineData("""{ "intervalForecast": { "every": 2, "where": "nowhere" } }""", "strategies[1].intervalForecast.where: There is no site selector 'nowhere'.")]
    [InlineData("""{ "intervalForecast": { "every": 2, "where": 2 } }""", "strategies[1].intervalForecast.where: 2 is not allowed; must be the tag of a site selector")]
    [InlineData("""{ "cached": { "where": "network", "when": { "interval": { "every": 0 } }, "how": { "forecast": { "quantity": "output" } } } }""", "strategies[1].cached.when.interval.every: 0 is not allowed; must be a whole number of at least 1.")]
    public void InAStrategy(string strategy, string message) =>
        Says(message, $$"""{ "version": 1, "strategies": [ { "tomesd": {} }, {{strategy}} ] }""");

    [Theory]
    [InlineData("", "The plan: this is no JSON at line 1, byte 1")]
    [InlineData("{ \"version\": 1,", "The plan: this is no JSON at line 1, byte ")]
    [InlineData("{\n \"version\": 1 }\n x", "The plan: this is no JSON at line 3, byte 2")]
    [InlineData("{ \"version\": NaN }", "The plan: this is no JSON at line 1")]
    [InlineData("[]", "The plan: [] is not allowed; must be an object.")]
    [InlineData("{}", "version: the version is missing; write \"version\": 1.")]
    [InlineData("""{ "version": "1" }""", "version: \"1\" is not allowed; must be the whole number 1.")]
    [InlineData("""{ "version": 2 }""", "version: 2 is not allowed; must be 1, the only one this version of the library reads.")]
    [InlineData("""{ "version": 1, "version": 1 }""", "version: the key is given twice.")]
    [InlineData("""{ "version": 1, "$schema": 3 }""", "$schema: 3 is not allowed; must be text")]
    [InlineData("""{ "version": 1, "shedule": null }""", "The plan: there is no key 'shedule'; did you mean 'schedule'?")]
    [InlineData("""{ "version": 1, "strategies": {} }""", "strategies: {} is not allowed; must be an array")]
    [InlineData("""{ "version": 1, "guidance": [ { "easycache": { "threshold": 1 } } ] }""", "EC1 has no part in guidance; it belongs to the strategies.")]
    [InlineData("""{ "version": 1, "solver": { "ddimm": {} } }""", "solver: there is no solver 'ddimm'; did you mean 'ddim'?")]
    [InlineData("""{ "version": 1, "schedule": { "ddim": { "steps": 0 } } }""", "schedule.ddim.steps: 0 is not allowed; must be a whole number of at least 1.")]
    [InlineData("""{ "version": 1, "schedule": { "ddim": { "steps": 5 } }, "stages": { "bottleneck": { "stages": [ { "scale": 1, "steps": 5 } ] } } }""", "schedule: stages bring their own noise levels; keep one of the two.")]
    [InlineData("""{ "version": 1, "stages": { "bottleneck": { "stages": [ { "scale": 1, "steps": 5 }, { "scale": 0, "steps": 5 } ] } } }""", "stages.bottleneck.stages[1].scale: 0 is not allowed; must be a number above 0 and at most 16.")]
    [InlineData("""{ "version": 1, "stages": { "bottleneck": { "stages": [ 4 ] } } }""", "stages.bottleneck.stages[0]: 4 is not allowed; must be an object with \"scale\", \"steps\", \"strength\", \"shift\".")]
    [InlineData("""{ "version": 1, "stages": { "bottleneck": { "stages": [] } } }""", "stages.bottleneck.stages: [] is not allowed: Bottleneck sampling needs stages")]
    [InlineData("""{ "version": 1, "clip": { } }""", "clip: bounds belong to a solver")]
    [InlineData("""{ "version": 1, "calibration": { "steps": 0 } }""", "calibration.steps: 0 is not allowed; must be a whole number of at least 1.")]
    [InlineData("""{ "version": 1, "calibration": { "network": 7 } }""", "calibration.network: 7 is not allowed; must be text.")]
    public void InTheWhole(string json, string message) => Says(message, json);

    [Fact]
    public void HostileTextIsRefusedAndNotRepeated()
    {
        Says("this is no JSON", string.Concat(Enumerable.Repeat("""{ "version": 1, "strategies": [""", 500)));
        Says("are too many; 1048576 at most", new string(' ', (1 << 20) + 1));
        Assert.True(Says("there is no key 'kkk", $$"""{ "version": 1, "{{new string('k', 100_000)}}": 1 }""").Length < 500);
        Assert.True(Says("must be", $$"""{ "version": 1, "separateBranches": "{{new string('k', 100_000)}}" }""").Length < 500);
        Says("a list has 10000 entries at most; this one has 10001", $$"""{ "version": 1, "strategies": [ { "stepForecast": { "steps": [{{string.Join(", ", Enumerable.Range(0, 10_001))}}] } } ] }""");
    }

    [Fact]
    public void PathValueAndRangeCanBeRead()
    {
        var e = Assert.Throws<PlanException>(() => AccelerationPlan.FromJson("""{ "version": 1, "strategies": [ { "easycache": { "threshold": -0.5 } } ] }"""));

        Assert.Equal(("strategies[0].easycache.threshold", "-0.5", "a number of at least 0"), (e.Path, e.Value, e.Allowed));
    }

    [Fact]
    public void WhatJsonCannotHoldIsToldWhenItIsWritten()
    {
        var infinite = AccelerationPlan.Of(new EasyCache(double.PositiveInfinity));
        Assert.Equal("strategies[0].easycache.threshold: inf is not allowed; must be finite: JSON has no such number.", Assert.Throws<PlanException>(infinite.ToJson).Message);
        Assert.Equal("strategies[0]: Unnamed has no [Entry(\"name\", \"TAG\")], so a plan cannot hold it.", Assert.Throws<PlanException>(() => AccelerationPlan.Of(new Unnamed()).ToJson()).Message);
        Assert.Contains("strategies[0].easycache.reuse: 17", Assert.Throws<PlanException>(() => AccelerationPlan.Of(new EasyCache(1) { Reuse = (Quantity)17 }).ToJson()).Message, StringComparison.Ordinal);
    }

    private static string Says(string message, string json)
    {
        var e = Assert.Throws<PlanException>(() => AccelerationPlan.FromJson(json));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        return e.Message;
    }

    private sealed record Unnamed : IStrategy
    {
        public string Tag => "unnamed";

        public Requirements Needs => new();

        public IRun Begin(RunInfo info, RunStore store) => throw new NotSupportedException();
    }
}
