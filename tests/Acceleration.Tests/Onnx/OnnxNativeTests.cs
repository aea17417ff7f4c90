using System.Diagnostics;
using System.Text.Json.Nodes;
using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>An application that has the managed part of ONNX Runtime alone, or something else in the place of its native library: the tool's files elsewhere, in a process of their own.</summary>
public sealed class OnnxNativeTests : OnnxTest
{
    private const string Packages = "an application references Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu (CUDA), of the version of Microsoft.ML.OnnxRuntime.Managed";
    private static readonly string Native = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    [Fact]
    public void AnApplicationWithoutItNamesThePackage()
    {
        Publish();
        var model = Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", OnnxModel.Dit, "model.onnx");
        Assert.StartsWith($"error: ONNX model '{model}': the native library of ONNX Runtime cannot be loaded: {Packages}. ", Error("inspect", model), StringComparison.Ordinal);
        Assert.Contains($"'{model}': the native library of ONNX Runtime cannot be loaded: {Packages}", Error("generate", model, "-o", At("out")), StringComparison.Ordinal);
        Assert.Contains($"'{model}': the native library of ONNX Runtime cannot be loaded: {Packages}", Error("split", model, "-o", At("split")), StringComparison.Ordinal);
        Assert.Equal(["app"], Directory.EnumerateFileSystemEntries(At(".")).Select(Path.GetFileName));
    }

    [Fact]
    public void WhatIsNoLibraryOrAnotherIsNamedWithThePackage()
    {
        Publish();
        var model = Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", OnnxModel.Dit);
        File.WriteAllText(At($"app/{Native}"), "This was to be downloaded, and was not.");
        Assert.Contains($"the native library of ONNX Runtime cannot be loaded: {Packages}. ", Error("inspect", model), StringComparison.Ordinal);
        File.Delete(At($"app/{Native}"));
        FileLink.Make(Directory.EnumerateFiles(AppContext.BaseDirectory, "*SkiaSharp.*").First(f => Path.GetExtension(f) is ".so" or ".dylib" || Path.GetFileName(f) == "libSkiaSharp.dll"), At($"app/{Native}"));
        var other = Error("inspect", model);
        Assert.Contains("the native library of ONNX Runtime is of another version (", other, StringComparison.Ordinal);
        Assert.Contains($"): {Packages}.", other, StringComparison.Ordinal);
    }

    /// <summary>An older library answers a newer managed part with no table of functions at all.</summary>
    [Fact]
    public void AnOlderLibraryIsOfAnotherVersion()
    {
        foreach (var inner in new Exception[] { new ArgumentNullException("ptr"), new NullReferenceException(), new EntryPointNotFoundException("OrtNew") })
        {
            var message = SessionFault.InLoading("m.onnx", new TypeInitializationException("NativeMethods", inner)).Message;
            Assert.Contains("the native library of ONNX Runtime is of another version (", message, StringComparison.Ordinal);
            Assert.Contains(Packages, message, StringComparison.Ordinal);
        }
    }

    /// <summary>The tool's files without the native library, and without its package among those that it depends on.</summary>
    private void Publish()
    {
        Directory.CreateDirectory(At("app"));
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => !Path.GetFileName(f).Contains("onnxruntime", StringComparison.Ordinal)))
        {
            FileLink.Make(file, At($"app/{Path.GetFileName(file)}"));
        }

        var list = At("app/Acceleration.Tool.deps.json");
        var json = JsonNode.Parse(File.ReadAllText(list))!;
        foreach (var packages in json["targets"]!.AsObject().Select(t => t.Value).Append(json["libraries"]).Select(p => p!.AsObject()))
        {
            foreach (var name in packages.Select(p => p.Key).Where(k => k.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) && !k.StartsWith("Microsoft.ML.OnnxRuntime.Managed/", StringComparison.Ordinal)).ToArray())
            {
                packages.Remove(name);
            }

            foreach (var needs in packages.Select(p => p.Value!["dependencies"]?.AsObject()).OfType<JsonObject>())
            {
                needs.Remove("Microsoft.ML.OnnxRuntime");
                needs.Remove("Microsoft.ML.OnnxRuntime.Gpu");
            }
        }

        // Not through the second name of the test's own.
        File.Delete(list);
        File.WriteAllText(list, json.ToJsonString());
    }

    private string Error(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [At("app/Acceleration.Tool.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Empty(output.GetAwaiter().GetResult());
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
