using System.Runtime.InteropServices;
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
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Assert.Contains("Math Kernel Library", lines["BLAS"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void APlatformThatHasAllLacksNothing() => Assert.All(
        [new("linux", Architecture.X64, Glibc: new(2, 36)), new("osx", Architecture.Arm64), new Platform("win", Architecture.X64)],
        platform => Assert.DoesNotContain(PlatformLines.Of(platform), l => l.Remedy is not null));

    [Theory]
    [InlineData("linux", Architecture.Arm64, "2.36", "linux-arm64", "linux-x64, osx-arm64, win-x64")]
    [InlineData("osx", Architecture.X64, null, "osx-x64", "Apple silicon")]
    [InlineData("win", Architecture.Arm64, null, "win-arm64", "x64 .NET")]
    [InlineData("freebsd", Architecture.X64, null, "freebsd-x64", "linux-x64")]
    [InlineData("linux", Architecture.X64, "2.31", "glibc 2.31", "glibc 2.34 or newer")]
    [InlineData("linux", Architecture.X64, null, "not glibc", "Debian")]
    public void WhatAPlatformLacksComesWithItsRemedy(string system, Architecture architecture, string? glibc, string value, string remedy)
    {
        var line = Assert.Single(PlatformLines.Of(new(system, architecture, Glibc: glibc is null ? null : Version.Parse(glibc))), l => l.Missing);
        Assert.Contains(value, line.Value, StringComparison.Ordinal);
        Assert.Contains(remedy, line.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void MuslAndAProcessorWithoutAvx2AreNamed()
    {
        var musl = Assert.Single(PlatformLines.Of(new("linux", Architecture.X64, Musl: true)));
        Assert.True(musl.Missing);
        Assert.Contains("linux-musl-x64", musl.Value, StringComparison.Ordinal);
        Assert.Contains("Alpine", musl.Remedy, StringComparison.Ordinal);

        var old = Assert.Single(PlatformLines.Of(new("win", Architecture.X64, Avx2: false)), l => l.Remedy is not null);
        Assert.Equal(("AVX2", false), (old.Name, old.Missing));
    }
}
