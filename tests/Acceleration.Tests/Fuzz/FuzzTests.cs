using Acceleration.Fuzz;
using static TorchSharp.torch;

namespace Acceleration.Tests.Fuzz;

/// <summary>A short run of the fuzzer: <c>eng/fuzz.sh N</c> is the long one.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly string _findings = Directory.CreateTempSubdirectory("fuzz-").FullName;

    public FuzzTests() => OperatorRoutes.PinNative();

    public void Dispose()
    {
        OperatorRoutes.Pin();
        Directory.Delete(_findings, recursive: true);
    }

    [Fact]
    public void HostileInputIsReadOrRefusedAsPromised()
    {
        using var gradients = no_grad();
        using var output = new StringWriter();
        var report = new FuzzRun(new() { Inputs = 3000, Seed = 1, Findings = _findings }, output).Run();
        Assert.True(report.Findings.Count == 0, output.ToString());
        Assert.Equal(3000, report.Inputs);

        // Inputs that are all refused, or all read, would try little.
        foreach (var target in new[] { "safetensors", "index", "store", "plan", "tag", "scheduler", "config", "dit", "manifest" })
        {
            Assert.True(report.Outcomes[target].GetValueOrDefault("read") > 0, target);
            Assert.True(report.Outcomes[target].Count > 1, target);
        }
    }

    [Fact]
    public void AnInputFollowsFromSeedAndNumber()
    {
        using var folder = new FuzzFolder();
        foreach (var target in FuzzTargets.In(folder.Path))
        {
            Assert.Equal(target.Make(new Random(7)), target.Make(new Random(7)));
        }
    }
}
