using System.CommandLine;

namespace Acceleration.Tool;

/// <summary>Strategies by the name of a <see cref="Preset"/>.</summary>
internal static class PresetOption
{
    private const string Name = "--preset";
    private static readonly string Names = string.Join(", ", Preset.All);

    /// <summary>For one preset.</summary>
    public static Option<Preset?> One()
    {
        var option = new Option<Preset?>(Name) { Description = $"Ready strategies for a network that nobody has calibrated: {Names}.", CustomParser = result => Read(result.Tokens, result.AddError).FirstOrDefault() };
        return Completed(option);
    }

    /// <summary>For several.</summary>
    public static Option<Preset[]> Several()
    {
        var option = new Option<Preset[]>(Name) { Description = $"Ready strategies: {Names}. Repeat it for several.", Arity = ArgumentArity.OneOrMore, CustomParser = result => [.. Read(result.Tokens, result.AddError)] };
        return Completed(option);
    }

    private static TOption Completed<TOption>(TOption option)
        where TOption : Option
    {
        option.CompletionSources.Add([.. Preset.All.Select(p => p.Name)]);
        return option;
    }

    private static IEnumerable<Preset> Read(IEnumerable<System.CommandLine.Parsing.Token> tokens, Action<string> refuse)
    {
        var presets = new List<Preset>();
        foreach (var token in tokens)
        {
            try
            {
                presets.Add(Preset.Parse(token.Value));
            }
            catch (FormatException e)
            {
                refuse($"{Name}: {e.Message}");
            }
        }

        return presets;
    }
}
