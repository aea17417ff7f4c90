using System.CommandLine;

namespace Acceleration.Tool;

/// <summary>What a network alone reads instead of labels.</summary>
internal static class ConditionsOption
{
    public const string Name = "--conditions";

    public static Option<string?> Make(string of) => new(Name)
    {
        Description = $"What {of} reads (.safetensors): a tensor [samples, ...] for each condition, by its name; with 'negative.' before it what guidance leads away from.",
    };
}
