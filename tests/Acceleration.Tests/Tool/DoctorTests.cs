using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

public sealed class DoctorTests : ToolTest
{
    [Fact]
    public void ItSaysWhatIsHere()
    {
        var (code, output, error) = Run("doctor");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Nothing is missing.", output, StringComparison.Ordinal);

        var lines = Json(Run("doctor", "--json").Out).GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("name").GetString()!, l => l.GetProperty("value").GetString()!);
        Assert.StartsWith("0.107", lines["TorchSharp"], StringComparison.Ordinal);
        Assert.StartsWith(TorchSharp.torch.__version__, lines["libtorch"], StringComparison.Ordinal);
        Assert.Contains("cpu", lines["devices"], StringComparison.Ordinal);
        Assert.Contains($"{TorchSharp.torch.get_num_threads()} in an operator", lines["threads"], StringComparison.Ordinal);
        Assert.All(["BLAS", "oneDNN", "instruction set", "tuning", "pictures"], name => Assert.NotEmpty(lines[name]));
        if (OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64)
        {
            Assert.Contains("Math Kernel Library", lines["BLAS"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found", "older", "GlibcxxCompat.targets")]
    [InlineData("libtorch_cpu.so: cannot open shared object file", "cannot open", "dotnet add package libtorch-cpu-")]
    public void ALibraryThatDoesNotLoadComesWithItsRemedy(string message, string value, string remedy)
    {
        var line = TorchRemedy.For(new TypeInitializationException("TorchSharp.torch", new DllNotFoundException(message)));
        Assert.True(line.Missing);
        Assert.Contains(value, line.Value, StringComparison.Ordinal);
        Assert.Contains(remedy, line.Remedy, StringComparison.Ordinal);
    }
}
