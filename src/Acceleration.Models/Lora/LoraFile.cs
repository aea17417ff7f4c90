using System.Globalization;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Low-rank changes of a network's matrices, ΔW = up·down·α/rank (Hu et al., arXiv:2106.09685), as kohya's scripts, diffusers or peft write them. Read when it is opened; the file may go afterwards.
/// </summary>
public sealed class LoraFile : IDisposable
{
    private static readonly (string Down, string Up)[] Endings =
    [
        (".lora_down.weight", ".lora_up.weight"), (".lora_A.weight", ".lora_B.weight"), (".lora_A.default.weight", ".lora_B.default.weight"), (".lora.down.weight", ".lora.up.weight"),
        ("_lora.down.weight", "_lora.up.weight"), (".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight"),
    ];

    private const string Alpha = ".alpha";
    private const int MostListed = 10;

    private readonly Dictionary<string, LoraChange> _changes;

    private LoraFile(string path, string fingerprint, Dictionary<string, LoraChange> changes) => (Path, Fingerprint, _changes) = (path, fingerprint, changes);

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>The modules that it changes, by the names in the file.</summary>
    public IReadOnlyCollection<string> Modules => _changes.Keys;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A .safetensors file.</param>
    /// <exception cref="CheckpointException">It is malformed, holds no low-rank changes, or tensors that are none.</exception>
    public static LoraFile Open(string path)
    {
        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        var (changes, used) = (new Dictionary<string, LoraChange>(), new HashSet<string>());
        foreach (var name in file.Names)
        {
            var (downEnd, upEnd) = Endings.FirstOrDefault(e => name.EndsWith(e.Down, StringComparison.Ordinal));
            if (downEnd is null)
            {
                continue;
            }

            var module = name[..^downEnd.Length];
            var up = module + upEnd;
            if (!file.Tensors.ContainsKey(up))
            {
                throw new CheckpointException(path, name, $"its other half '{up}' is not there.");
            }

            used.UnionWith([name, up, module + Alpha]);
            changes.Add(module, LoraChange.Of(path, name, file.ReadCopy(name, ScalarType.Float32), file.ReadCopy(up, ScalarType.Float32), AlphaOf(file, module)));
        }

        string[] other = [.. file.Names.Where(n => !used.Contains(n))];
        if (changes.Count == 0 || other.Length > 0)
        {
            throw new CheckpointException(path, null, changes.Count == 0
                ? "it holds no low-rank changes (…lora_down.weight and …lora_up.weight, or …lora_A.weight and …lora_B.weight)."
                : $"{other.Length} of its {file.Names.Count} tensors are no low-rank changes of a matrix, which is what is supported: {string.Join(", ", other.Take(MostListed))}{(other.Length > MostListed ? ", ..." : "")}.");
        }

        foreach (var change in changes.Values)
        {
            change.Keep();
        }

        return new(path, file.Fingerprint(), changes);
    }

    /// <summary>Tells files apart: <see cref="ICheckpoint.Fingerprint"/>.</summary>
    internal string Fingerprint { get; }

    /// <summary>The change of a module, by its name in the file; null where there is none.</summary>
    internal LoraChange? Find(string module) => _changes.GetValueOrDefault(module);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var change in _changes.Values)
        {
            change.Dispose();
        }
    }

    /// <summary>α, which is the rank where nothing says it.</summary>
    private static double? AlphaOf(SafetensorsFile file, string module)
    {
        if (file.Tensors.ContainsKey(module + Alpha))
        {
            using var stored = file.Read(module + Alpha, ScalarType.Float64);
            return stored.numel() == 1 ? stored.data<double>()[0] : throw new CheckpointException(file.FilePath, module + Alpha, "α is one number.");
        }

        return file.Metadata.TryGetValue("ss_network_alpha", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha) ? alpha : null;
    }
}
