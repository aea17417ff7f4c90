using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration verify FILE|DIR…</c></summary>
internal static class VerifyCommand
{
    public static Command Make(Terminal terminal)
    {
        var paths = new Argument<string[]>("path") { Description = "Golden files, or directories searched for *.safetensors and for tokenizers with a cases.json.", Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(result =>
        {
            // An argument that takes any number of words takes misspelt options too.
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-') && !Path.Exists(t.Value)))
            {
                result.AddError($"there is no '{token.Value}' here.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Write every comparison as JSON." };
        var command = new Command("verify", "Check golden files: rebuild what each describes, and compare. Exit code 0 if all hold, 1 if one misses, 2 if one is not known or not readable.") { paths, json };
        command.SetAction(parsed => terminal.Guard(() => Run(terminal, parsed.GetValue(paths)!, parsed.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, IReadOnlyList<string> paths, bool json)
    {
        // Choosing the fastest form of an operator would take longer than the checks, and say nothing about them.
        OperatorRoutes.PinNative();
        var results = new List<CheckResult>();
        foreach (var path in paths)
        {
            results.AddRange(ResultsOf(path, terminal.Cancellation));
        }

        var code = VerifyReport.ExitCodeOf(results);
        if (json)
        {
            terminal.Out.WriteLine(ToolJson.Of(VerifyReport.Of(results)));
        }
        else
        {
            VerifyTable.Write(terminal, results);
        }

        return code;
    }

    /// <summary>A file, or every .safetensors file and every tokenizer with cases below a directory, in order.</summary>
    private static IEnumerable<CheckResult> ResultsOf(string path, CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) && OnnxArguments.IsOnnx(path) ? [Model(path)] : [Verification.Of(path, cancellation: cancellation)];
        }

        string[] folders = [.. Directory.EnumerateFiles(path, TokenizerFolder.Cases, SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!)];
        string[] files = [.. Directory.EnumerateFiles(path, "*.safetensors", SearchOption.AllDirectories).Concat(folders).Order(StringComparer.Ordinal)];
        return files.Length == 0 && OnnxArguments.IsOnnx(path) ? [Model(path)] : files.Length > 0
            ? files.Select(f => Directory.Exists(f) ? Verification.OfTokenizer(f, cancellation) : Verification.Of(f, found: true, cancellation))
            : [new(path, Verdict.Unreadable, [], $"it holds no .safetensors file, nor a tokenizer with {TokenizerFolder.Cases}; name golden files, or directories that hold some.", null)];
    }

    private static CheckResult Model(string path) => new(path, Verdict.Unreadable, [], $"it is an ONNX model, and no golden file; {OnnxNetwork.Commands} take it.", null);
}
