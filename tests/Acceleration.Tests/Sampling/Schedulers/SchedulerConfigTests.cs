using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Every key of a scheduler's configuration is understood, told as another class's, or refused by name.</summary>
public sealed class SchedulerConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulers-").FullName;

    public static TheoryData<string> Classes => [.. PublishedDefaults.All.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Scheduler Read(JsonObject config, string name) => Scheduler.FromConfig(config.ToJsonString(), name);

    private static JsonObject Defaults(string name) => JsonSerializer.SerializeToNode(PythonJson.Parse(PublishedDefaults.All[name]))!.AsObject();

    private static SchedulerConfigException Refused(string json, string? name = null) => Assert.Throws<SchedulerConfigException>(() => Scheduler.FromConfig(json, name));

    private static SchedulerCall Call(Scheduler scheduler, int steps = 12) => new(steps) { Mu = scheduler.Takes.HasFlag(SchedulerInputs.Mu) && scheduler.Solver is FlowEuler ? 0.8 : null };

    [Fact]
    public void EveryClassIsListedHere() => Assert.Equal(Scheduler.Known.Order(StringComparer.Ordinal), PublishedDefaults.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Classes))]
    public void WhatAFileLeavesOutIsTheClassesOwnDefault(string name)
    {
        var (whole, empty) = (Read(Defaults(name), name), Scheduler.FromConfig("{}", name));
        Assert.Empty(whole.Foreign);
        Assert.Equal(name, whole.ClassName);
        Assert.Equal((whole.Solver, whole.Prediction, whole.Clip), (empty.Solver, empty.Prediction, empty.Clip));
        Assert.Equal(whole.Noise?.AlphaBars ?? [], empty.Noise?.AlphaBars ?? []);
        Assert.Equal(whole.Schedule(Call(whole)).Points, empty.Schedule(Call(empty)).Points);
        Assert.Equal(whole.Schedule(Call(whole)).Targets, empty.Schedule(Call(empty)).Targets);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void EveryKeyOfAClassIsLookedAt(string name)
    {
        foreach (var key in Defaults(name).Select(p => p.Key))
        {
            var wrong = Defaults(name);
            wrong[key] = new JsonObject { ["is"] = "no setting" };
            var refused = Assert.Throws<SchedulerConfigException>(() => Read(wrong, name));
            Assert.Equal(key, refused.Key);
            Assert.Contains($"'{key}'", refused.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void WhatNoClassHasIsRefusedWithTheNearestKey(string name)
    {
        var wrong = Defaults(name);
        wrong["num_train_timestep"] = 1000;
        var refused = Assert.Throws<SchedulerConfigException>(() => Read(wrong, name));
        Assert.Equal("num_train_timestep", refused.Key);
        Assert.Contains("the nearest is 'num_train_timesteps'", refused.Message);
    }

    [Theory]
    [MemberData(nameof(PublishedConfigs.All), MemberType = typeof(PublishedConfigs))]
    public void PublishedFilesAreReadAndTellTheKeysOfOthers(string name, string json, string foreign)
    {
        var path = Path.Combine(_folder, $"{name}.json");
        File.WriteAllText(path, json);
        var scheduler = Scheduler.FromFile(path);
        Assert.Equal(foreign, string.Join(", ", scheduler.Foreign));
        Assert.Equal(4, scheduler.Schedule(Call(scheduler, 4)).Steps);
    }

    [Fact]
    public void PublishedFilesSayWhatTheirModelsNeed()
    {
        Assert.Equal((new Pndm(), new PndmGrid(20) { Offset = 1, EndsClean = false }), (Scheduler.FromConfig(PublishedConfigs.StableDiffusion15).Solver, Scheduler.FromConfig(PublishedConfigs.StableDiffusion15).Grid(20)));
        Assert.Equal(PredictionType.Velocity, Scheduler.FromConfig(PublishedConfigs.StableDiffusion21).Prediction);
        Assert.Null(Scheduler.FromConfig(PublishedConfigs.DiT).Clip);
        Assert.Equal(0.0015, Scheduler.FromConfig(PublishedConfigs.StableDiffusion15).Noise!.Betas[0] * 1.7647, 1e-4);
        Assert.Equal(new Lcm(), Scheduler.FromConfig(PublishedConfigs.LatentConsistency).Solver);

        // One file serves several classes.
        Assert.Equal(new Ddim(), Scheduler.FromConfig(PublishedConfigs.StableDiffusion15, "DDIMScheduler").Solver);
    }

    [Fact]
    public void WrongValuesAreRefusedWithWhatWouldBeRight()
    {
        Assert.Contains("supported are linear, scaled_linear", Refused("""{"beta_schedule": "cosine"}""", "DDIMScheduler").Message);
        Assert.Contains("true or false", Refused("""{"clip_sample": "yes"}""", "DDIMScheduler").Message);
        Assert.Contains("a whole number", Refused("""{"num_train_timesteps": 10.5}""", "DDIMScheduler").Message);
        Assert.Contains("'many' is not a number", Refused("""{"beta_start": "many"}""", "DDIMScheduler").Message);
        Assert.Contains("not between 1 and 1000000", Refused("""{"num_train_timesteps": 2147483647}""", "DDPMScheduler").Message);
        Assert.Contains("2 values for num_train_timesteps = 1000", Refused("""{"trained_betas": [0.1, 0.2]}""", "LCMScheduler").Message);
        Assert.Contains("fixed_large is what it means", Refused("""{"variance_type": "fixed_large_log"}""", "DDPMScheduler").Message);
        Assert.Contains("supported are fixed_small", Refused("""{"variance_type": "none"}""", "DDPMScheduler").Message);
        Assert.Contains("supported are epsilon, v_prediction.", Refused("""{"prediction_type": "sample"}""", "PNDMScheduler").Message);
        Assert.Contains("flow_prediction", Refused("""{"prediction_type": "flow_prediction"}""", "DDIMScheduler").Message);
        Assert.Contains("say prediction_type instead", Refused("""{"predict_epsilon": false}""", "DDPMScheduler").Message);
        Assert.Contains("DDIMScheduler cannot be made of it", Refused("""{"beta_start": 2}""", "DDIMScheduler").Message);
        Assert.Contains("it must be above 0", Refused("""{"snr_shift_scale": 0}""", "CogVideoXDDIMScheduler").Message);
        Assert.Contains("DDIMScheduler cannot be made of it", Refused("""{"beta_end": Infinity}""", "DDIMScheduler").Message);
        Assert.Contains("'NaN' is not a number", Refused("""{"timestep_scaling": NaN}""", "LCMScheduler").Message);
    }

    [Fact]
    public void WhatIsNoConfigurationIsRefused()
    {
        Assert.Contains("it is not JSON", Refused("{").Message);
        Assert.Contains("it is not JSON", Refused("").Message);
        Assert.Contains("it is array, not an object", Refused("[]").Message);
        Assert.Contains("it names no class", Refused("{}").Message);
        Assert.Contains("'SDEScheduler' is not supported; supported are CogVideoXDDIMScheduler, DDIMScheduler", Refused("""{"_class_name": "SDEScheduler"}""").Message);
        Assert.Contains("'_class_name'", Refused("""{"_class_name": 3}""").Message);
        Assert.Contains($"{Scheduler.LongestText} at most", Refused(new string(' ', Scheduler.LongestText + 1)).Message);
        Assert.InRange(Refused("{\"" + new string('x', 100_000) + "\": 1}", "DDIMScheduler").Message.Length, 1, 400);
        Assert.Throws<ArgumentNullException>(() => Scheduler.FromConfig((string)null!));

        // Null is nothing said.
        Assert.Equal(new SampleClip(), Scheduler.FromConfig("""{"clip_sample": null, "clip_sample_range": null, "trained_betas": null}""", "DDIMScheduler").Clip);
    }

    [Fact]
    public void FilesAreNamedAndBounded()
    {
        var path = Path.Combine(_folder, "scheduler_config.json");
        File.WriteAllText(path, """{"_class_name": "DDIMScheduler", "beta_schedule": "cosine"}""");
        var refused = Assert.Throws<SchedulerConfigException>(() => Scheduler.FromFile(path));
        Assert.Equal((path, "beta_schedule"), (refused.File, refused.Key));
        Assert.StartsWith($"{path}, 'beta_schedule': ", refused.Message);

        File.WriteAllText(path, new string(' ', Scheduler.LongestText + 1));
        Assert.Contains("so it is no scheduler", Assert.Throws<SchedulerConfigException>(() => Scheduler.FromFile(path)).Message);
        Assert.Throws<FileNotFoundException>(() => Scheduler.FromFile(Path.Combine(_folder, "none.json")));
        Assert.Contains("NUL", Assert.Throws<SchedulerConfigException>(() => Scheduler.FromFile("a\0b")).Message);
        Assert.Throws<ArgumentException>(() => Scheduler.FromFile(""));
    }

    [Fact]
    public void WhatAClassDoesNotTakeInACallIsRefused()
    {
        SchedulerCall[] calls = [new(4) { Mu = 1 }, new(4) { Sigmas = [1, 0.7, 0.4, 0.1] }, new(4) { Timesteps = [900, 600, 300, 0] }, new(4) { Strength = 0.5 }, new(4) { OriginalSteps = 20 }];
        foreach (var name in Scheduler.Known)
        {
            var scheduler = Scheduler.FromConfig("{}", name);
            SchedulerInputs[] inputs = [SchedulerInputs.Mu, SchedulerInputs.Sigmas, SchedulerInputs.Timesteps, SchedulerInputs.Strength, SchedulerInputs.OriginalSteps];
            foreach (var (call, input) in calls.Zip(inputs).Where(c => !scheduler.Takes.HasFlag(c.Second)))
            {
                var message = Assert.Throws<ArgumentException>(() => scheduler.Grid(call)).Message;
                Assert.Contains($"{name} takes Steps", message);
                Assert.Contains($"and {input} is given", message);
            }
        }

        Assert.Equal(new TimestepGrid([900, 600, 300, 0]), Scheduler.FromConfig("{}", "DDPMScheduler").Grid(calls[2]));
    }

    [Fact]
    public void TrainedLevelsOfIpndmAreItsOwn()
    {
        var scheduler = Scheduler.FromConfig("""{"trained_betas": [0.9, 0.5, 0.1, 0.0]}""", "IPNDMScheduler");
        Assert.Equal([0.9f, 0.5f, 0.1f], scheduler.Schedule(3).Points.Select(p => p.Sigma));
        Assert.Contains("3 levels are given for 5 steps", Assert.Throws<ArgumentException>(() => scheduler.Grid(5)).Message);
    }
}
