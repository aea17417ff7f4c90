using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

/// <summary>Windows refuses to replace a file that is still mapped or open, so nothing that is written again may be. Linux shows what is mapped.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("replaced-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASavedStoreIsReplacedWhileItsStateIsInUse()
    {
        var path = Path.Combine(_folder, "state.safetensors");
        var row = new RowId(0, 0);
        using (var store = new RunStore())
        using (var value = ones(1, 4096))
        {
            store.Push(new("kept"), new(row), value);
            store.Save(path);
        }

        using var loaded = RunStore.Load(path);
        RequireFree(path);
        loaded.Save(path);
        RequireFree(path);
        using var again = RunStore.Load(path);
        Assert.Equal(1, again.Depth(new StoreKey("kept"), row));
    }

    [Fact]
    public void ACheckpointIsFreeOnceFileAndTensorsAreDisposed()
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        using var value = ones(4096);
        SafetensorsFile.Write(path, [("a", value)]);
        var file = SafetensorsFile.Open(path);
        var a = file.Read("a");
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        }

        file.Dispose();
        a.Dispose();
        RequireFree(path);
        SafetensorsFile.Write(path, [("b", value)]);
        RequireFree(path);
    }

    [Fact]
    public void APlanIsReplacedAfterItWasRead()
    {
        var path = Path.Combine(_folder, "plan.json");
        AccelerationPlan.Parse("ddim50").Save(path);
        var plan = AccelerationPlan.Load(path);
        RequireFree(path);
        plan.Save(path);
        RequireFree(path);
    }

    private static void RequireFree(string path)
    {
        // Refused on Windows while anyone has it open or mapped.
        using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd"), f => File.ResolveLinkTarget(f, returnFinalTarget: false)?.FullName == path);
        }
    }
}
