namespace Acceleration.Tests.Tool;

/// <summary>Wrong input of every command: one line, exit code 2, no stack trace.</summary>
public sealed class UsageTests : ToolTest
{
    [Fact]
    public void HelpNamesAllCommands()
    {
        var (code, output, error) = Run("--help");
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.All(["generate", "compare", "fit", "calibrate", "inspect", "verify", "doctor"], c => Assert.Contains(c, output, StringComparison.Ordinal));
        Assert.Contains("  acceleration [command]", output, StringComparison.Ordinal);
        Assert.All(["generate", "compare", "fit", "calibrate", "inspect", "verify", "doctor"], c => Assert.Contains($"acceleration {c}", Run(c, "--help").Out, StringComparison.Ordinal));
    }

    [Fact]
    public void CompletionIsOffered() => Assert.Contains("verify", Run("[suggest:2]", "ve").Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("generate m --preset ")]
    [InlineData("compare m --preset ")]
    public void PresetsAreOffered(string line) => Assert.All(Preset.All, p => Assert.Contains(p.Name, Run($"[suggest:{line.Length}]", line).Out, StringComparison.Ordinal));

    [Theory]
    [InlineData("Required command was not provided")]
    [InlineData("there is no 'frobnicate' command", "frobnicate")]
    [InlineData("there is no '--frob' here. See 'acceleration verify --help'", "verify", "x", "--frob")]
    [InlineData("Required argument missing", "verify")]
    [InlineData("Required argument missing", "inspect")]
    [InlineData("--plan or --preset is required: there is nothing to compare. See", "compare", "m.safetensors")]
    [InlineData("--preset: there is no preset 'fsat', did you mean 'fast'?; there are quality, balanced, fast.", "generate", "m", "--preset", "fsat")]
    [InlineData("--preset: there is no preset 'cheap'; there are quality", "compare", "m", "--preset", "fast", "--preset", "cheap")]
    [InlineData("--preset", "generate", "m", "--preset", "fast", "--preset", "quality")]
    [InlineData("the plan 'ddim20+IF3' says its own strategies", "generate", "m", "--plan", "ddim20+IF3", "--preset", "fast")]
    [InlineData("there is no '--preset', no 'fast' here", "calibrate", "m", "--for", "bac", "--preset", "fast")]
    [InlineData("--steps takes a whole number from 1 to 100000, not '0'", "generate", "m", "--steps", "0")]
    [InlineData("--steps takes a whole number from 1 to 100000, not 'NaN'", "generate", "m", "--steps", "NaN")]
    [InlineData("--steps takes a whole number from 2", "compare", "m", "--plan", "EC0.1", "--steps", "1")]
    [InlineData("--guidance takes a number, not 'Infinity'", "generate", "m", "--guidance", "Infinity")]
    [InlineData("--labels takes whole numbers and ranges such as 0,3,5-9, not '7-3'", "generate", "m", "--labels", "7-3")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "cat")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "0-9223372036854775807")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "0,3,0-9223372036854775807")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "0,1-100000")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "9223372036854775808")]
    [InlineData("--labels takes whole numbers", "generate", "m", "--labels", "-1")]
    [InlineData("the file does not exist", "generate", "m", "--labels", "9223372036854775807")]
    [InlineData("--steps takes a whole number from 1 to 100000, not '1000000'", "generate", "m", "--steps", "1000000")]
    [InlineData("--steps takes a whole number from 1 to 100000, not '99999999999999999999'", "generate", "m", "--steps", "99999999999999999999")]
    [InlineData("--steps takes a whole number from 1 to 100000, not ''", "generate", "m", "--steps", "")]
    [InlineData("--seed takes a whole number", "generate", "m", "--seed", "-1")]
    [InlineData("--guidance takes a number, not 'NaN'", "generate", "m", "--guidance", "NaN")]
    [InlineData("--guidance takes a number, not '1e999'", "generate", "m", "--guidance", "1e999")]
    [InlineData("'flow1000001'", "generate", "m", "--plan", "flow1000001")]
    [InlineData("--plan 'sb1'", "generate", "m", "--plan", "sb1")]
    [InlineData("\uFFFD[31m", "generate", "m", "--plan", "\u001b[31m")]
    [InlineData("'int8'", "generate", "m", "--dtype", "int8")]
    [InlineData("--plan 'EC-1'", "generate", "m", "--plan", "EC-1")]
    [InlineData("--plan 'nowhere.json'", "generate", "m", "--plan", "nowhere.json")]
    [InlineData("the plan 'ddim20' says its own noise levels", "generate", "m", "--plan", "ddim20", "--steps", "5")]
    [InlineData("the plan 'CFG3' says its own guidance", "generate", "m", "--plan", "CFG3", "--guidance", "5")]
    [InlineData("the file does not exist", "generate", "nowhere.safetensors")]
    [InlineData("the file does not exist", "inspect", "nowhere.safetensors")]
    public void WrongInputIsRefusedInOneLine(string expected, params string[] arguments) => Refused(expected, arguments);

    [Fact]
    public void FilesThatAreNoCheckpointsAreRefused()
    {
        File.WriteAllText(PathOf("text.safetensors"), "Once upon a time there was no header.");
        File.WriteAllBytes(PathOf("cut.safetensors"), File.ReadAllBytes(Tiny)[..20_000]);
        foreach (var command in new[] { "generate", "inspect" })
        {
            Refused("text.safetensors", command, PathOf("text.safetensors"));
            Refused("cut.safetensors", command, PathOf("cut.safetensors"));
            Refused("this is a directory", command, PathOf("."));
        }
    }

    [Fact]
    public void PlansThatAreNoTextAndPlacesThatAreNoFilesAreRefused()
    {
        File.WriteAllBytes(PathOf("binary.json"), [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Directory.CreateDirectory(PathOf("folder.json"));
        Refused("this is no JSON", "generate", Tiny, "--plan", PathOf("binary.json"));
        Refused("--plan", "generate", Tiny, "--plan", PathOf("folder.json"));
        Refused("does not exist", "inspect", PathOf("no\nwhere"));
        Refused("", "inspect", "");
        Refused("a file of this name is there", "generate", Tiny, "--steps", "1", "--labels", "0", "-o", Path.Combine(PathOf("binary.json")));
        Refused("cannot be made or written", "generate", Tiny, "--steps", "1", "--labels", "0", "-o", Path.Combine(PathOf("binary.json"), "inside"));
    }

    [Theory]
    [InlineData("text/inside.safetensors", "text/inside.json")]
    [InlineData("a\0b.safetensors", "a\0b.json")]
    [InlineData(null, null)]
    public void APathThatLeadsToNoFileIsRefused(string? weights, string? plan)
    {
        // Longer than a file's name may be on any system.
        var name = new string('n', 5000);
        File.WriteAllText(PathOf("text"), "");
        Refused("Checkpoint '", "inspect", PathOf(weights ?? name + ".safetensors"));
        Refused("Checkpoint '", "generate", PathOf(weights ?? name + ".safetensors"));
        Refused("--plan", "generate", Tiny, "--plan", PathOf(plan ?? name + ".json"));
    }

    [Fact]
    public void AFileThatMayNotBeReadIsRefused()
    {
        foreach (var name in new[] { "secret.safetensors", "secret.json" })
        {
            File.WriteAllText(PathOf(name), "{}");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(PathOf(name), UnixFileMode.None);
            }
        }

        // Whoever may do everything is refused nothing, and told what is wrong with the file. There is no such mode on Windows.
        var (file, plan) = Environment.IsPrivilegedProcess || OperatingSystem.IsWindows() ? ("too few", "version") : ("cannot be read", "denied");
        Refused(file, "inspect", PathOf("secret.safetensors"));
        Refused(plan, "generate", Tiny, "--plan", PathOf("secret.json"));
    }

    [Fact]
    public void NamesInAFileDoNotReachTheTerminalAsTheyAre()
    {
        SafetensorsFile.Write(PathOf("names.safetensors"), [], new Dictionary<string, string> { ["k\u001b[2J"] = "v\u001b[31m" });
        var (code, output, _) = Run("inspect", PathOf("names.safetensors"));
        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("k\uFFFD[2J", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongNameIsCutInATable()
    {
        var name = string.Concat(Enumerable.Repeat("word ", 50_000));
        SafetensorsFile.Write(PathOf("names.safetensors"), [], new Dictionary<string, string> { [name] = "v" });
        var (code, output, _) = Run("inspect", PathOf("names.safetensors"));
        Assert.Equal(0, code);
        Assert.Contains("word ...", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, 300, 10_000);
        Assert.Contains(name, Run("inspect", PathOf("names.safetensors"), "--json").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void VerboseShowsTheStack()
    {
        var (code, _, error) = Run("inspect", "nowhere.safetensors", "--verbose");
        Assert.Equal(2, code);
        Assert.Contains("   at Acceleration.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsFoldersAndStepsThatDoNotFitTheNetworkAreRefused()
    {
        File.WriteAllText(PathOf("taken"), "");
        Refused("has classes 0 to 9, not 10", "generate", Tiny, "--labels", "3,10", "-o", PathOf("a"));
        Refused("a file of this name is there", "generate", Tiny, "--steps", "2", "-o", PathOf("taken"));
        Refused("Between 1 and 1000 steps", "generate", Tiny, "--steps", "1001", "-o", PathOf("a"));
        Refused("a file of this name is there", "compare", Tiny, "--plan", "EC0.1", "-o", PathOf("taken"));
        Assert.False(Directory.Exists(PathOf("a")));
    }
}
