using System.Globalization;

namespace Acceleration.Policy;

/// <summary>What the command line asks for.</summary>
internal sealed record PolicyOptions
{
    public const string Usage = """
        Drives a simulated robot with a small diffusion policy, in several ways to sample from it, and writes a page with
        the ways it took, how often it arrived, and how many plans a second one robot can be given.

          --episodes N           episodes per setting (default 200)
          --only TEXT            only settings whose name holds it, beside the first one; repeat it for several
          --out DIR              where the page goes (default: artifacts/policy)
          --demonstrations FILE  writes demonstrations for train_policy.py instead
          --observations FILE    writes what robots see when they ask for a plan, to calibrate the policy on, instead
          --count N              how many of them (default 3000, and 64 observations)
          --help                 this text
        """;

    private const int Most = 1_000_000;

    public int Episodes { get; private init; } = 200;

    /// <summary>Parts of names of settings; empty for all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    public string Out { get; private init; } = Path.Combine("artifacts", "policy");

    public string? Demonstrations { get; private init; }

    public string? Observations { get; private init; }

    /// <summary>Demonstrations or observations; null for what is usual.</summary>
    public int? Count { get; private init; }

    public bool Help { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says which part and what would be right.</exception>
    public static PolicyOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PolicyOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--episodes" => options with { Episodes = Number(arguments, ref i) },
                "--only" => options with { Only = [.. options.Only, Value(arguments, ref i)] },
                "--out" => options with { Out = Value(arguments, ref i) },
                "--demonstrations" => options with { Demonstrations = Value(arguments, ref i) },
                "--observations" => options with { Observations = Value(arguments, ref i) },
                "--count" => options with { Count = Number(arguments, ref i) },
                "--help" or "-h" => options with { Help = true },
                var other => throw new FormatException($"There is no option '{other}'."),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> arguments, ref int i) =>
        i + 1 < arguments.Count && arguments[i + 1].Length > 0 ? arguments[++i] : throw new FormatException($"{arguments[i]} needs a value.");

    private static int Number(IReadOnlyList<string> arguments, ref int i)
    {
        var (name, text) = (arguments[i], Value(arguments, ref i));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most
            ? number
            : throw new FormatException($"{name} takes a whole number from 1 to {Most}, not '{text}'.");
    }
}
