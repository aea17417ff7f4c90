namespace Acceleration.Models;

/// <summary>Translates tensor names by a table of modules.</summary>
/// <param name="pairs">The modules under their two names.</param>
internal sealed class ModuleNames(IEnumerable<ModulePair> pairs)
{
    private readonly Dictionary<string, string> _names = pairs.ToDictionary(p => p.Original, p => p.Name);
    private readonly Dictionary<string, string> _originals = pairs.ToDictionary(p => p.Name, p => p.Original);

    /// <summary>A tensor's or module's name in diffusers' layout; null where the table does not know its module.</summary>
    public string? Name(string original) => Translate(_names, original);

    /// <summary>A tensor's or module's original name; null where the table does not know its module.</summary>
    public string? Original(string name) => Translate(_originals, name);

    /// <summary>Where the tensors under a prefix come from, by their names in diffusers' layout; those that the table does not know keep their names, to be complained of.</summary>
    public Dictionary<string, TensorSource> Sources(ICheckpoint file, string prefix) => file.Names
        .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(n => Name(n[prefix.Length..]) ?? n[prefix.Length..], n => new TensorSource(n));

    private static string? Translate(Dictionary<string, string> table, string name)
    {
        // The longest module that the name begins with.
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (table.TryGetValue(name[..end], out var other))
            {
                return other + name[end..];
            }
        }

        return null;
    }
}
