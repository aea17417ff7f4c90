using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

/// <summary>Files that become shorter while they are open: copies say so; only views need the file as it was.</summary>
public sealed class ShrinkingFileTests : CheckpointTest
{
    private string File => PathOf("shrinking.safetensors");

    [Fact]
    public void ACopyOfAFileThatHasBecomeShorterIsRefused()
    {
        using var file = Opened();
        using (var whole = file.ReadCopy("a"))
        {
            Assert.Equal(1f, whole.data<float>()[0]);
        }

        Shorten(100);
        Refused("a", () => file.ReadCopy("a"));
        Refused("a", () => file.Read("a", ScalarType.Float64));
        Refused("b", () => file.Read("b", ScalarType.Int64));
        Refused("a", () => file.Fingerprint());
    }

    [Fact]
    public void ACopyDoesNotNeedItsFileAnyMore()
    {
        using var file = Opened();
        using var copy = file.ReadCopy("a");
        Shorten(0);
        Assert.All(copy.data<float>().ToArray(), x => Assert.Equal(1f, x));
    }

    [Fact]
    public void ACopyIsNoView()
    {
        using var file = Opened();
        using var copy = file.ReadCopy("a");
        using var zeroed = copy.zero_();
        using var view = file.Read("a");
        Assert.Equal(1f, view.data<float>()[0]);
    }

    [Fact]
    public void CopiesEqualViewsWhateverTheType()
    {
        using var file = Opened();
        foreach (var name in file.Names)
        {
            using var scope = NewDisposeScope();
            var view = file.Read(name);
            Assert.Equal(view, file.ReadCopy(name));
            Assert.Equal(view.to(ScalarType.Float64), file.ReadCopy(name, ScalarType.Float64));
        }
    }

    [Fact]
    public async Task AFileThatChangesItsLengthWhileItIsOpenedIsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nobody may write here while a file is opened.");

        // A header that takes a while, in a file that is by turns what its header says and a byte too long.
        var path = Raw("{\"__metadata__\":{\"k\":\"" + new string('v', 1 << 20) + "\"}}");
        var length = new FileInfo(path).Length;
        using var ended = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                for (var i = 0; !ended.IsCancellationRequested; i++)
                {
                    stream.SetLength(length + (i % 2));
                }
            },
            TestContext.Current.CancellationToken);
        var messages = new HashSet<string>();
        var seen = false;
        try
        {
            for (var tries = 0; tries < 5000 && !seen; tries++)
            {
                var message = MessageOf(path);
                seen = message?.Contains("something is writing to it", StringComparison.Ordinal) == true;
                messages.Add(message ?? "");
            }
        }
        finally
        {
            await ended.CancelAsync();
            await writer;
        }

        Assert.True(seen, string.Join('\n', messages));
    }

    private static string? MessageOf(string path)
    {
        try
        {
            SafetensorsFile.Open(path).Dispose();
            return null;
        }
        catch (CheckpointException e)
        {
            return e.Message;
        }
    }

    private SafetensorsFile Opened()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(File, [("a", ones(100_000)), ("b", arange(5, ScalarType.Int16)), ("flag", ones([3], ScalarType.Bool)), ("scalar", tensor(2f)), ("none", zeros(0, 3)), ("half", ones([7], ScalarType.BFloat16))]);
        return SafetensorsFile.Open(File);
    }

    private void Shorten(long length)
    {
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(length);
    }

    private static void Refused(string tensor, Func<object> read)
    {
        var error = Assert.Throws<CheckpointException>(read);
        Assert.Equal(tensor, error.TensorName);
        Assert.Contains("it has become shorter since it was opened", error.Message, StringComparison.Ordinal);
    }
}
