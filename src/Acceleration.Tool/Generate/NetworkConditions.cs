using System.Globalization;
using System.Security.Cryptography;
using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What the samples of a network alone are conditioned on: labels, conditions from a file, or nothing.</summary>
internal sealed class NetworkConditions : IDisposable
{
    private readonly Conditioning _condition;
    private readonly Conditioning? _negative;
    private readonly long[]? _labels;
    private readonly int _copies;

    private NetworkConditions(Conditioning condition, Conditioning? negative, long[]? labels, int copies, object identity) =>
        (_condition, _negative, _labels, _copies, Identity) = (condition, negative, labels, copies, identity);

    /// <summary>Samples: so many of each label or row.</summary>
    public int Count => _condition.Rows * _copies;

    /// <summary>What tells them from others, for <see cref="RequestHash"/>.</summary>
    public object Identity { get; }

    /// <param name="network">The network.</param>
    /// <param name="labels">Labels that were asked for; null for the usual ones.</param>
    /// <param name="file">A file of conditions; null for none.</param>
    /// <param name="copies">Samples of each.</param>
    /// <exception cref="ToolException">They are not what it reads.</exception>
    /// <exception cref="CheckpointException">The file is missing or malformed.</exception>
    public static NetworkConditions Of(IDenoiser network, long[]? labels, string? file, int copies = 1)
    {
        if (file is not null)
        {
            return labels is { Length: > 0 } ? throw new ToolException($"{ConditionsOption.Name} stand for labels; leave one of them out.") : FromFile(network.Info, file, copies);
        }

        if (network is OnnxDenoiser && network.Info.Conditions.All(c => c.IsOptional))
        {
            return labels is { Length: > 0 } ? throw new ToolException($"--labels: {network.Info.Name} reads none; leave the option out.") : new(Conditioning.None(1), null, null, copies, $"none*{copies}");
        }

        var known = LabelsOption.For(network, labels);
        return new(Conditioning.Labels(known), null, known, copies, copies == 1 ? known : $"{string.Join(',', known)}*{copies}");
    }

    /// <summary>A request for samples from <paramref name="first"/> on, and from the first row again behind the last.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The first one's seed.</param>
    /// <param name="use">What is done with it, whose conditions live as long.</param>
    public void Ask(int first, int count, long seed, Action<SamplingRequest> use)
    {
        int[] rows = [.. Enumerable.Range(first, count).Select(RowOf)];
        using var condition = _condition.Names.Count == 0 ? Conditioning.None(count) : _condition.Take(rows);
        using var negative = _negative?.Take(rows);
        use(new() { Condition = condition, Negative = negative, Seed = seed });
    }

    /// <summary>A sample's label; null where it has none.</summary>
    public long? Label(int sample) => _labels?[RowOf(sample)];

    public void Dispose()
    {
        _condition.Dispose();
        _negative?.Dispose();
    }

    private int RowOf(int sample) => sample / _copies % _condition.Rows;

    private static NetworkConditions FromFile(DenoiserInfo network, string file, int copies)
    {
        var (condition, negative) = ConditionsFile.Read(file, network);
        using var bytes = File.OpenRead(file);
        return new(condition, negative, null, copies, string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(SHA256.HashData(bytes))}*{copies}"));
    }
}
