using Acceleration.Samples;

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

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It cannot be understood; the message says which part and what would be right.</exception>
    public static PolicyOptions Parse(Arguments arguments)
    {
        var options = new PolicyOptions();
        while (arguments.Next() is { } option)
        {
            options = option switch
            {
                "--episodes" => options with { Episodes = arguments.Number(Most) },
                "--only" => options with { Only = [.. options.Only, arguments.Value()] },
                "--out" => options with { Out = arguments.Value() },
                "--demonstrations" => options with { Demonstrations = arguments.Value() },
                "--observations" => options with { Observations = arguments.Value() },
                "--count" => options with { Count = arguments.Number(Most) },
                _ => throw arguments.Unknown(),
            };
        }

        return options;
    }
}
