using System.Text.RegularExpressions;

namespace Acceleration.Tool;

/// <summary>The attentions of a golden file's network, by the names of the reference's modules and by their sites here.</summary>
internal sealed class AttentionNames(IReadOnlyList<(string Module, string Site)> all)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Sites of modules that are named by one of some patterns.</summary>
    /// <param name="patterns">Regular expressions, as the reference has them.</param>
    /// <param name="whole">Whether a pattern must match all of a name, rather than a part of it.</param>
    public string[] Of(IEnumerable<string> patterns, bool whole)
    {
        try
        {
            Regex[] known = [.. patterns.Select(p => new Regex(whole ? $"^(?:{p})$" : p, RegexOptions.CultureInvariant, Patience))];
            return [.. all.Where(a => Array.Exists(known, k => k.IsMatch(a.Module))).Select(a => a.Site)];
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            throw new NotKnownException($"a pattern of module names is not understood: {e.Message}", e);
        }
    }

    /// <summary>A selector of some sites; null for none.</summary>
    public static Where? Select(IEnumerable<string> sites) => sites.Select(Where.Path).Aggregate((Where?)null, (all, one) => all?.Or(one) ?? one);
}
