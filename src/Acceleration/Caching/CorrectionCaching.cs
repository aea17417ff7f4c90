namespace Acceleration;

/// <summary>What the correction asks of a line of caching.</summary>
internal static class CorrectionCaching
{
    /// <summary>Why a line cannot work at the correction, or null.</summary>
    public static string? Refuse(Cached line, RunInfo info) =>
        info.Network.Sites.All.Any(line.Where.Matches) ? $"a correction is decided on before the network is called, apart from the network's own sites: give '{Where.Correction.Tag}' a line of its own."
        : !info.OtherBranches.Any(line.Where.IsCorrectionOf) ? $"there is no guidance that asks for {Branches(line.Where)}, so there is no correction to keep; add for example .Guidance(scale), whose other branch is the unconditional branch."
        : line.When.Signals.Count > 0 ? $"{line.When.Tag} decides on what the network publishes ({string.Join(", ", line.When.Signals)}), while a correction is decided on before the network is called."
        : null;

    private static string Branches(Where where) => where == Where.Correction ? "a branch beside the conditional one" : $"branch {where.Tag[(where.Tag.IndexOf('.', StringComparison.Ordinal) + 1)..]}";
}
