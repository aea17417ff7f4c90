using System.Runtime.InteropServices;
using Tuning = Acceleration.Runtime;

namespace Acceleration.Tests.Operators;

/// <summary>A libtorch that does not load is refused with the loader's reason.</summary>
public sealed class TorchLoadTests
{
    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)", "libstdc++ is older than TorchSharp asks for (GLIBCXX_3.4.32, gcc 13)", "<Import Project=\".../eng/GlibcxxCompat.targets\" />")]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found", "older", "AccelerationGlibcxxCompat")]
    [InlineData("libtorch_cpu.so: cannot open shared object file", "cannot open", "dotnet add package libtorch-cpu-")]
    [InlineData("libLibTorchSharp.so: wrong ELF class: ELFCLASS32", "another processor", "dotnet build -r ")]
    public void ALibraryThatDoesNotLoadComesWithItsRemedy(string message, string cause, string remedy)
    {
        var loader = new TypeInitializationException("TorchSharp.torch", new DllNotFoundException(message));
        var error = new TorchLoadException(loader);
        Assert.Contains(cause, error.Cause, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.Equal($"TorchSharp's native library {error.Cause}. Remedy: {error.Remedy}.", error.Message);
        Assert.Same(loader, error.InnerException);
    }

    /// <summary>What the system's loader says of a library whose dependency is too old or missing is what is told, not TorchSharp's guess at a package.</summary>
    [Fact]
    public void TheLoadersWordsAreKept()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.so");
        File.WriteAllText(file, "no library");
        try
        {
            var loader = Assert.ThrowsAny<Exception>(() => NativeLibrary.Load(file));
            Assert.Contains(loader.Message.Split('\n')[0].TrimEnd('.', ' ', '\r'), new TorchLoadException(loader).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void ALibraryThatLoadsIsLoadedOnceMore()
    {
        Tuning.Load();
        Tuning.Load();
        Assert.Null(NativeTorch.OfLoader());
    }
}
