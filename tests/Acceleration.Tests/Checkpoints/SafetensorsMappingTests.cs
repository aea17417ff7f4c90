using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

public sealed class SafetensorsMappingTests : CheckpointTest
{
    private const string Unaligned = """{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}""";

    [Fact]
    public void ReadsShareOneMappingAndNeverWriteToTheFile()
    {
        var path = Counting(1000);
        var before = File.ReadAllBytes(path);
        using var file = SafetensorsFile.Open(path);
        using (var first = file.Read("x"))
        using (var second = file.Read("x"))
        {
            first.fill_(-1);
            Assert.Equal(-1f, second.data<float>()[999]);
        }

        file.Dispose();
        using var reopened = SafetensorsFile.Open(path);
        using var fresh = reopened.Read("x");
        Assert.Equal(999f, fresh.data<float>()[999]);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void TheDataPointerLiesInTheMapping()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/maps.");
        var path = Counting(10_000);
        using var file = SafetensorsFile.Open(path);
        using var view = file.Read("x");
        using var converted = file.Read("x", ScalarType.Float64);
        Assert.Contains(Mappings(path), range => range.From <= Address<float>(view) && Address<float>(view) < range.To);
        Assert.DoesNotContain(Mappings(path), range => range.From <= Address<double>(converted) && Address<double>(converted) < range.To);
    }

    [Fact]
    public void TensorsOutliveTheFileObjectAndTheLastReleasesTheMapping()
    {
        var path = Counting(10_000);
        var tensors = ReadAndForgetFile(path);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        using (var sum = tensors[0].sum())
        {
            Assert.Equal(49_995_000f, sum.ToSingle(), 1000f);
        }

        var slice = tensors[1].narrow(0, 9_999, 1);
        tensors[0].Dispose();
        tensors[1].Dispose();
        Assert.Equal(9_999f, slice.ToSingle());
        if (OperatingSystem.IsLinux())
        {
            Assert.NotEmpty(Mappings(path));
        }

        slice.Dispose();
        if (OperatingSystem.IsLinux())
        {
            Assert.Empty(Mappings(path));
        }

        File.Delete(path);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void DisposingTheFileWithoutTensorsReleasesTheMapping()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/maps.");
        var path = Counting(10_000);
        var file = SafetensorsFile.Open(path);
        Assert.NotEmpty(Mappings(path));
        file.Read("x").Dispose();
        file.Dispose();
        file.Dispose();
        Assert.Empty(Mappings(path));
    }

    [Fact]
    public void AMalformedFileIsNotLeftMapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc/self/maps.");
        var path = Raw("{}", new byte[9000]);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
        Assert.Empty(Mappings(path));
    }

    [Fact]
    public void ADisposedFileReadsNoMore()
    {
        var file = SafetensorsFile.Open(Counting(4));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("x"));
        Assert.Throws<ObjectDisposedException>(() => file.Read("absent"));
        Assert.Equal(16, file.Tensors["x"].Bytes);
    }

    [Fact]
    public void UnalignedDataIsCopied()
    {
        var data = new byte[9];
        BitConverter.TryWriteBytes(data.AsSpan(1), 1.5f);
        BitConverter.TryWriteBytes(data.AsSpan(5), -4f);
        using var file = SafetensorsFile.Open(Raw(Unaligned.PadRight(112), data));
        using var first = file.Read("x");
        using var second = file.Read("x");
        first.fill_(0);
        Assert.Equal([1.5f, -4f], second.data<float>().ToArray());
        Assert.Equal(0, Address<float>(second) % 4);
        using var half = file.Read("x", ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, half.dtype);
    }

    [Fact]
    public void ThreadsMayReadWhileAnotherDisposes()
    {
        var path = Counting(1000);
        for (var round = 0; round < 20; round++)
        {
            var file = SafetensorsFile.Open(path);
            var reads = 0;
            Parallel.For(0, 64, i =>
            {
                if (i == 40)
                {
                    file.Dispose();
                    return;
                }

                try
                {
                    using var x = file.Read("x");
                    Assert.Equal(999f, x.data<float>()[999]);
                    Interlocked.Increment(ref reads);
                }
                catch (ObjectDisposedException)
                {
                }
            });
            Assert.InRange(reads, 0, 63);
        }

        Assert.True(!OperatingSystem.IsLinux() || Mappings(path).Count == 0);
    }

    [Fact]
    public void ReadsBelongToTheDisposeScope()
    {
        using var file = SafetensorsFile.Open(Counting(4));
        Tensor kept;
        using (NewDisposeScope())
        {
            var gone = file.Read("x");
            kept = file.Read("x", ScalarType.Float64).MoveToOuterDisposeScope();
            Assert.False(gone.IsInvalid);
        }

        Assert.Equal(3.0, kept.data<double>()[3]);
        kept.Dispose();
    }

    // Not inlined, so that no local keeps the file object alive in the caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor[] ReadAndForgetFile(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return [file.Read("x"), file.Read("x")];
    }

    private string Counting(int count)
    {
        using var x = arange(count, ScalarType.Float32);
        SafetensorsFile.Write(PathOf("counting.safetensors"), [("x", x)]);
        return PathOf("counting.safetensors");
    }

    private static long Address<T>(Tensor tensor)
        where T : unmanaged
    {
        // A storage holds an alias of its tensor and cannot be disposed by itself.
        using var scope = NewDisposeScope();
        return tensor.storage<T>().data_ptr();
    }

    private static List<(long From, long To)> Mappings(string path) =>
    [
        .. File.ReadLines("/proc/self/maps").Where(line => line.EndsWith(path, StringComparison.Ordinal)).Select(line =>
        {
            var range = line[..line.IndexOf(' ')].Split('-');
            return (long.Parse(range[0], NumberStyles.HexNumber, null), long.Parse(range[1], NumberStyles.HexNumber, null));
        }),
    ];
}
