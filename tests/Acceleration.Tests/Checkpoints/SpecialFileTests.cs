using System.Diagnostics;
using System.Net.Sockets;
using Acceleration.Models;
using Acceleration.Tests.Toys;
using Acceleration.Tool;

namespace Acceleration.Tests.Checkpoints;

/// <summary>A pipe, a socket or a device where a file should be is refused before it is opened: opening a pipe waits for somebody who writes.</summary>
public sealed class SpecialFileTests : CheckpointTest
{
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Readers => [.. Open.Keys];

    // The file that is none, and what opens it.
    private static Dictionary<string, (string Name, Action<string> Do)> Open { get; } = new()
    {
        ["file"] = ("a.safetensors", p => SafetensorsFile.Open(p).Dispose()),
        ["checkpoint"] = ("a.safetensors", p => Checkpoint.Open(p).Dispose()),
        ["folder"] = ("a.safetensors", p => Checkpoint.Open(Path.GetDirectoryName(p)!).Dispose()),
        ["index"] = ("a.safetensors.index.json", p => Checkpoint.Open(p).Dispose()),
        ["shard"] = ("shard.safetensors", p => ShardedCheckpoint.Open(Write(Beside(p, "a.safetensors.index.json"), """{"weight_map":{"x":"shard.safetensors"}}""")).Dispose()),
        ["configuration"] = ("config.json", p => Configuration(Beside(p, "weights.safetensors"))),
        ["store"] = ("a.safetensors", p => RunStore.Load(p).Dispose()),
        ["session"] = ("a.session", Session),
        ["plan"] = ("plan.json", p => AccelerationPlan.Load(p)),
        ["tag"] = ("plan.json", p => AccelerationPlan.Parse(p)),
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task APipeIsRefusedAtOnce(string reader)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no place among files here.");
        var (name, open) = Open[reader];
        Assert.Contains("this is a named pipe", (await Refusal(Pipe(name), open)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task ASocketIsRefused(string reader)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sockets are told from files by nobody here.");
        var (name, open) = Open[reader];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(PathOf(name)));
        Assert.Contains("this is a socket", (await Refusal(PathOf(name), open)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task ADeviceIsRefusedThroughALinkToo(string reader)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such device here.");
        var (name, open) = Open[reader];
        File.CreateSymbolicLink(PathOf(name), "/dev/zero");
        Assert.Contains("this is a device", (await Refusal(PathOf(name), open)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandsRefuseThemInOneLine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no place among files here.");
        var weights = PathOf("whole.safetensors");
        SafetensorsFile.Write(weights, []);
        foreach (var (path, command) in new (string, string[])[]
        {
            (Pipe("p.safetensors"), ["inspect", PathOf("p.safetensors")]),
            (Pipe("p.json"), ["generate", weights, "--plan", PathOf("p.json")]),
            (Pipe("generate.json"), ["generate", Tool.Golden.PathOf("models/dit_original"), "--labels", "0", "--steps", "1", "--resume", "-o", PathOf(".")]),
        })
        {
            using var error = new StringWriter();
            var code = 0;
            await InTime(path, () => code = AccelerationCommand.Run(command, TextWriter.Null, error, TestContext.Current.CancellationToken));
            OperatorRoutes.Pin();
            Assert.Equal(2, code);
            Assert.Contains("is a named pipe", error.ToString(), StringComparison.Ordinal);
            Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void FilesFoldersLinksAndNothingAreNotSpecial()
    {
        File.WriteAllText(PathOf("file"), "");
        Assert.All(["file", ".", "nothing", "file/inside", "no\0where", ""], name => Assert.Null(Special(PathOf(name))));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right of their own here.");
        File.CreateSymbolicLink(PathOf("link"), "file");
        File.CreateSymbolicLink(PathOf("broken"), "nothing");
        File.CreateSymbolicLink(PathOf("round"), "round");
        Assert.All(["link", "broken", "round"], name => Assert.Null(Special(PathOf(name))));
    }

    private static string? Special(string path)
    {
        try
        {
            ReadAt.Open(path, FileShare.Read).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.Contains("this is", StringComparison.Ordinal) ? e.Message : null;
        }
    }

    private string Pipe(string name)
    {
        using var made = Process.Start("mkfifo", [PathOf(name)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return PathOf(name);
    }

    private static async Task<Exception> Refusal(string path, Action<string> open)
    {
        var error = await Record.ExceptionAsync(() => InTime(path, () => open(path)));
        Assert.True(error is CheckpointException or PlanException, $"{error}");
        return error!;
    }

    /// <summary>Runs what might wait for ever; then the pipe is opened from the other side too, so that nothing goes on waiting.</summary>
    private static async Task InTime(string path, Action action)
    {
        var running = Task.Run(action, TestContext.Current.CancellationToken);
        try
        {
            await running.WaitAsync(Hangs, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            await using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
            {
            }

            throw;
        }
    }

    private static string Beside(string path, string name) => Path.Combine(Path.GetDirectoryName(path)!, name);

    private static string Write(string path, string text)
    {
        File.WriteAllText(path, text);
        return path;
    }

    private static void Configuration(string weights)
    {
        SafetensorsFile.Write(weights, []);
        using var file = SafetensorsFile.Open(weights);
        CheckpointConfig.Of(file);
    }

    private static void Session(string path)
    {
        using var network = Toy.Constant(1);
        SamplingSession.Load(Sampler.For(network).FlowEuler(4).Build(), path).Dispose();
    }
}
