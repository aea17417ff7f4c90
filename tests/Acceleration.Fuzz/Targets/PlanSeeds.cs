using System.Reflection;

namespace Acceleration.Fuzz;

/// <summary>Valid plans, and the words plans are made of: those of the library's entries, by their attributes.</summary>
internal static class PlanSeeds
{
    public static readonly string[] Tags =
    [
        "ddim50trailing+CFG2+AG0.999x0hold+C:network:drift0.02w4:out^1@snr+TM0.25:attn.ff",
        "flow-euler25s3+EC0.05w4",
        "ddim20+SF0.3.11.18",
        "BN1n20/0.5n20w0.8/1n10w0.6+CFG3",
        "IF3o2:network,@snr+sb",
        "ddimsnr20+CFG2+IF3",
        "t19.10.3+EC0.02",
        "flow8s3end0.1",
        "steps4+CFG1.5",
    ];

    private static readonly Type[] Entries = [.. PlanVocabulary.Default.Types];

    /// <summary>Names and keys of JSON.</summary>
    public static readonly string[] JsonWords =
    [
        .. Entries.Select(e => e.GetCustomAttribute<EntryAttribute>()!.Name),
        .. Properties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]),
        .. Words(),
        "$schema", "version", "solver", "schedule", "stages", "clip", "guidance", "strategies", "separateBranches", "calibration", "network", "ff.gated@0-1", "path=blocks.0",
    ];

    /// <summary>Prefixes, keys and words of tags.</summary>
    public static readonly string[] TagWords =
    [
        .. Entries.Select(e => e.GetCustomAttribute<EntryAttribute>()!.Tag),
        .. Properties().Select(p => p.GetCustomAttribute<InTagAttribute>()?.Key).OfType<string>(),
        .. Words().Select(w => w.ToLowerInvariant()),
        "+", ",", "sb", "none", "empty", "network", "blocks@0-1",
    ];

    private static IEnumerable<PropertyInfo> Properties() =>
        Entries.Concat(Entries.SelectMany(e => e.GetProperties()).SelectMany(p => p.PropertyType.GetGenericArguments()).Where(t => t.Namespace == nameof(Acceleration))).Distinct().SelectMany(e => e.GetProperties());

    private static IEnumerable<string> Words() =>
        Properties().Select(p => p.PropertyType).Where(t => t.IsEnum).Distinct().SelectMany(t => Enum.GetNames(t)).Select(n => char.ToLowerInvariant(n[0]) + n[1..]);
}
