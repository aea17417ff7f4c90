using Acceleration.Models;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Plans;

/// <summary>Plans in files, citations of long ones, and the weights' part of a fingerprint.</summary>
public sealed class PlanFileTests : IDisposable
{
    private static readonly AccelerationPlan Long = AccelerationPlan.Of(new StepForecast([.. Enumerable.Range(0, 40)]), new ClassifierFreeGuidance(2));
    private readonly string _folder = Directory.CreateTempSubdirectory("plans").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ALongPlanIsCitedByFileAndHash()
    {
        var saved = Long.Save(Path.Combine(_folder, "search.json"));

        Assert.Matches("^plan\\.json@[0-9a-f]{12}$", Long.Tag);
        Assert.Equal($"search.json@{Long.Hash}", saved.Tag);
        Assert.Equal(Long, AccelerationPlan.Load(Path.Combine(_folder, "search.json")));
        Assert.Equal(Long, AccelerationPlan.Parse(Path.Combine(_folder, "search.json")));
        Assert.Equal(saved.Tag, AccelerationPlan.Parse(Path.Combine(_folder, saved.Tag)).Tag);
        Assert.Equal([Path.Combine(_folder, "search.json")], Directory.GetFiles(_folder));
    }

    [Fact]
    public void AChangedFileIsNoLongerTheOneThatWasCited()
    {
        var saved = Long.Save(Path.Combine(_folder, "search.json"));
        AccelerationPlan.Of(new EasyCache(1)).Save(Path.Combine(_folder, "search.json"));

        Assert.Contains("it has been changed since it was cited", Assert.Throws<PlanException>(() => AccelerationPlan.Parse(Path.Combine(_folder, saved.Tag))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASamplerCitesAFileOnlyIfTheFileSaysItAll()
    {
        using var network = new ChainToy();
        var saved = (Long with { Solver = new FlowEuler(), Schedule = new FlowGrid(40) }).Save(Path.Combine(_folder, "search.json"));

        Assert.Equal(saved.Tag, Sampler.For(network).Plan(saved).Build().Tag);
        Assert.Equal(saved.Tag, Sampler.For(network).Plan(saved).Build().ToPlan().Tag);
        var more = Sampler.For(network).Plan(saved).Use(new ToMeSD()).Build();
        Assert.EndsWith("+TM0.5", more.Tag);
        Assert.Equal(more.ToPlan(), AccelerationPlan.Parse(more.Tag));
        Assert.Equal(AccelerationPlan.Parse(more.Tag), Sampler.For(network).Plan(AccelerationPlan.Parse(more.Tag)).Build().ToPlan());
    }

    [Fact]
    public void ErrorsNameTheFile()
    {
        var path = Path.Combine(_folder, "wrong.json");
        File.WriteAllText(path, """{ "version": 1, "strategies": [ { "easycache": { "threshold": -1 } } ] }""");

        Assert.StartsWith($"{path}: strategies[0].easycache.threshold: -1 is not allowed", Assert.Throws<PlanException>(() => AccelerationPlan.Load(path)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => AccelerationPlan.Load(Path.Combine(_folder, "none.json")));
        File.WriteAllText(path, new string(' ', (1 << 20) + 1));
        Assert.Contains("it is no plan", Assert.Throws<PlanException>(() => AccelerationPlan.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASavedPlanNamesItsSchema()
    {
        AccelerationPlan.Parse("EC0.05").Save(Path.Combine(_folder, "short.json"));
        Assert.Equal(
            """
            {
              "$schema": "urn:acceleration:plan:1",
              "version": 1,
              "strategies": [
                {
                  "easycache": {
                    "threshold": 0.05
                  }
                }
              ]
            }

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(Path.Combine(_folder, "short.json")));
    }

    [Fact]
    public void ALoadedNetworkKnowsItsWeights()
    {
        var weights = Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors");
        using var network = DiT.Load(weights);
        using var half = DiT.Load(weights, new() { DType = TorchSharp.torch.ScalarType.BFloat16 });

        Assert.Matches("^[0-9a-f]{12}$", network.Info.Weights);
        Assert.Equal(network.Info.Fingerprint, half.Info.Fingerprint);

        // One changed weight in the middle of one tensor is seen.
        using var file = SafetensorsFile.Open(weights);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var tensors = file.Names.Select(n => (n, file.Read(n).clone())).ToArray();
        SafetensorsFile.Write(Path.Combine(_folder, "same.safetensors"), tensors);
        var flat = tensors[3].Item2.view(-1);
        flat[flat.size(0) / 2] += 1;
        SafetensorsFile.Write(Path.Combine(_folder, "other.safetensors"), tensors);
        using var same = SafetensorsFile.Open(Path.Combine(_folder, "same.safetensors"));
        using var other = SafetensorsFile.Open(Path.Combine(_folder, "other.safetensors"));
        Assert.Equal(network.Info.Weights, same.Fingerprint());
        Assert.NotEqual(network.Info.Weights, other.Fingerprint());
    }
}
