using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acceleration;

/// <summary>What of a sampler a saved session needs again: the network, every noise level, and all that acts in a step.</summary>
internal sealed record SavedIdentity(string Network, string Solver, string Levels, string[] Strategies, string? Clip, bool SeparateBranches, string DType, long? CacheBudget)
{
    public static SavedIdentity Of(Sampler sampler) => new(
        sampler.Denoiser.Info.Fingerprint,
        Text(sampler.Solver),
        sampler.Levels,
        [.. sampler.Strategies.Select(s => s.Tag)],
        sampler.Clip is { } clip ? Text(clip) : null,
        sampler.SeparateBranches,
        sampler.Denoiser.Info.DType.ToString(),
        sampler.CacheBudget);

    /// <summary>Every part in which another sampler differs, as messages say it.</summary>
    public IEnumerable<string> Differences(SavedIdentity here)
    {
        (string What, string? Saved, string? Here)[] parts =
        [
            ("network", Network, here.Network),
            ("solver", Solver, here.Solver),
            ("noise levels", Levels, here.Levels),
            ("strategies", string.Join('+', Strategies ?? []), string.Join('+', here.Strategies)),
            ("clip", Clip, here.Clip),
            ("separate branches", $"{SeparateBranches}", $"{here.SeparateBranches}"),
            ("number format", DType, here.DType),
            ("cache budget", Bytes(CacheBudget), Bytes(here.CacheBudget)),
        ];
        return parts.Where(p => p.Saved != p.Here).Select(p => $"{p.What} {Shown(p.Saved)}, here {Shown(p.Here)}");
    }

    private static string? Bytes(long? budget) => budget is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes") : null;

    private static string Shown(string? part) => string.IsNullOrEmpty(part) ? "none" : CheckpointException.Shorten(part);

    /// <summary>As a plan writes it, which has every setting; else as it writes itself.</summary>
    private static string Text(object entry) => Description.Has(entry.GetType()) ? PlanTag.Of(entry) : string.Create(CultureInfo.InvariantCulture, $"{entry}");

    /// <summary>All noise levels of a sampler, hashed.</summary>
    public static string LevelsOf(Sampler sampler)
    {
        // Line by line: a million steps would make a text of a hundred megabytes.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (stage, grid) in sampler.Stages.Zip(sampler.Info.Stages))
        {
            Append($"{grid.Steps} {stage.Scale:R} {stage.Start} {string.Join(',', stage.Size ?? [])}\n");
            foreach (var p in grid.Points.Concat(grid.Targets).Concat(grid.InnerPoints.SelectMany(i => i)))
            {
                Append($"{p.Time:R} {BitConverter.SingleToUInt32Bits(p.Alpha)} {BitConverter.SingleToUInt32Bits(p.Sigma)}{(p.SigmaData == 1 ? "" : $" {BitConverter.SingleToUInt32Bits(p.SigmaData)}")}\n");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(" then ", sampler.Info.Stages.Select(g => $"{g.Name}{g.Steps}"))} ({ShortHash.Of(hash.GetHashAndReset())})");

        void Append(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
    }
}
