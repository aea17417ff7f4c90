using System.Text.Json;
using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary>Runs the command line in this process, in a folder of its own.</summary>
public abstract class ToolTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tool-").FullName;

    public void Dispose()
    {
        // Commands pin the operators' routes for their whole process.
        OperatorRoutes.Pin();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static string Fashion { get; } = Golden.PathOf("weights/fashion-dit");

    /// <summary>A golden file whose weights are a network with latents of four channels.</summary>
    protected static string Tiny { get; } = Golden.PathOf("models/dit_original");

    protected string PathOf(string name) => Path.Combine(_folder, name);

    protected static (int Code, string Out, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = AccelerationCommand.Run(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    protected static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    /// <summary>Asserts that a command line is refused with exit code 2 and one line that says why.</summary>
    protected static void Refused(string expected, params string[] arguments)
    {
        var (code, _, error) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
