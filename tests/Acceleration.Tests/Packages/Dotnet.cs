using System.Diagnostics;

namespace Acceleration.Tests.Packages;

/// <summary>Programs started as a user would start them, in a folder of their own.</summary>
internal static class Dotnet
{
    // What the build that runs these tests tells its children, and what would leave processes behind.
    private static readonly string[] Inherited = ["MSBUILD", "MSBuild", "DOTNET_CLI_TELEMETRY_SESSIONID", "TESTINGPLATFORM", "NUGET_FALLBACK_PACKAGES", "VSLANG", "PreferredUILang"];

    /// <summary>Runs <c>dotnet</c> and answers with what it printed.</summary>
    public static Task<string> RunAsync(string folder, string? packages, params IReadOnlyList<string> arguments) =>
        StartAsync(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, packages, arguments);

    /// <summary>Runs a program; fails with all that it printed where it does not end with 0.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where it is started.</param>
    /// <param name="packages">NuGet's folder of extracted packages; null for the machine's.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> StartAsync(string program, string folder, string? packages, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => Inherited.Any(i => k.StartsWith(i, StringComparison.Ordinal))).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment.Remove("DOTNET_CLI_UI_LANGUAGE");
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            var printed = await output + await error;
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:{Environment.NewLine}{printed}");
            return printed;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
