using Acceleration.Tool;

namespace Acceleration.Fuzz;

/// <summary>Whole command lines. None of the files in them is a network, so nothing is written.</summary>
internal sealed class CommandLineTarget : IFuzzTarget
{
    private const char Between = '\u0001';
    private readonly string[][] _valid;
    private readonly string[] _words;

    public CommandLineTarget(string folder)
    {
        var broken = Path.Combine(folder, "broken.safetensors");
        var valid = Path.Combine(folder, "valid.safetensors");
        var binary = Path.Combine(folder, "binary.json");
        File.WriteAllBytes(broken, [1, 0, 0, 0, 0, 0, 0, 0, (byte)'{']);
        File.WriteAllBytes(binary, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        SafetensorsFile.Write(valid, []);
        _valid =
        [
            ["generate", broken, "--labels", "0,3,5-9", "--steps", "20", "--guidance", "2", "--plan", "EC0.05", "--seed", "1", "--output", "nowhere", "--json"],
            ["compare", broken, "--plan", "EC0.05", "--plan", "IF3", "--steps", "20", "--repeats", "2", "--dtype", "float32"],
            ["inspect", valid, "--json"],
            ["inspect", broken, "--all"],
            ["verify", valid, broken, "--json"],
            ["verify", folder + "/nothing"],
            ["generate", broken, "--plan", binary],
        ];
        _words =
        [
            "generate", "compare", "inspect", "verify", "doctor", "--labels", "--steps", "--guidance", "--plan", "--force", "--seed", "--output", "-o", "--batch", "--previews", "--dtype", "--json", "--all", "--help", "--version", "float32", "auto", "5-3", "1-99999999999", "1,,2",
            "0-9223372036854775807", "--steps=5", "--steps=", "-x", "--", "nothing.json", broken, binary, folder,
        ];
    }

    public string Name => "commands";

    public int Weight => 2;

    public byte[] Make(Random random)
    {
        List<string> line = [.. random.Of(_valid)];
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(line.Count);
            switch (random.Next(5))
            {
                case 0 when line.Count > 1:
                    line.RemoveAt(at);
                    break;
                case 1:
                    line.Insert(at, random.Of(line));
                    break;
                case 2:
                    line[at] = random.Of(Hostile.Numbers);
                    break;
                default:
                    line.Insert(at + 1, random.OneIn(2) ? random.Of(_words) : random.Text());
                    break;
            }
        }

        return Utf16.Bytes(string.Join(Between, line));
    }

    public string Run(byte[] input)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var line = Utf16.Text(input).Split(Between);
        if (line.Contains("doctor", StringComparer.Ordinal))
        {
            // It measures the machine for seconds; its only options are switches.
            return "left out";
        }

        var code = AccelerationCommand.Run(line, output, error);
        var said = error.ToString().TrimEnd('\n');
        foreach (var text in said.Split('\n'))
        {
            // What was typed may be said again.
            Expect.Message(text.Length > input.Length ? text[input.Length..] : "");
        }

        return code switch
        {
            0 or 1 when said.Length == 0 || code == 0 => $"exit {code}",
            2 when said.Split('\n').All(IsOneOfThem) && !said.Contains("   at ", StringComparison.Ordinal) => "exit 2",
            _ => throw new FuzzException($"Exit code {code}; on standard error: {said}"),
        };
    }

    /// <summary>One error, or one line for each file that could not be verified.</summary>
    private static bool IsOneOfThem(string line) => line.Length == 0 || new[] { "error: ", "not readable: ", "not known: " }.Any(b => line.StartsWith(b, StringComparison.Ordinal));
}
