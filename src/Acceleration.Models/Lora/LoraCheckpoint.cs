using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A component's checkpoint with low-rank changes merged into what is read from it. Checkpoint and changes stay their owners'.</summary>
internal sealed class LoraCheckpoint : ICheckpoint
{
    private const string Weight = ".weight";

    private readonly ICheckpoint _inner;
    private readonly Dictionary<string, List<(LoraChange Change, Lora From)>> _changes = [];

    /// <param name="inner">The checkpoint.</param>
    /// <param name="component">The component it is, for example <c>unet</c>.</param>
    /// <param name="loras">The changes with their strengths.</param>
    /// <param name="original">The original release's names of the modules; null where there are none.</param>
    /// <param name="used">Takes note of the modules in each file that were found here.</param>
    /// <exception cref="CheckpointException">A change is of another shape than the matrix it is of.</exception>
    public LoraCheckpoint(ICheckpoint inner, string component, IReadOnlyList<Lora> loras, ModuleNames? original, HashSet<(LoraFile, string)> used)
    {
        _inner = inner;
        foreach (var entry in inner.Tensors.Values.Where(t => t.Name.EndsWith(Weight, StringComparison.Ordinal)))
        {
            var module = entry.Name[..^Weight.Length];
            string[] names = [.. LoraNames.Of(component, module, original?.Original(module))];
            foreach (var lora in loras)
            {
                foreach (var name in names.Where(n => lora.File.Find(n) is not null))
                {
                    Add(entry, lora, name);
                    used.Add((lora.File, name));
                }
            }
        }
    }

    public string FilePath => _inner.FilePath;

    public string Name => _inner.Name;

    public IReadOnlyDictionary<string, string> Metadata => _inner.Metadata;

    public IReadOnlyList<string> Names => _inner.Names;

    public IReadOnlyDictionary<string, TensorEntry> Tensors => _inner.Tensors;

    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null) => _changes.ContainsKey(name) ? Merged(name, dtype, device) : _inner.Read(name, dtype, device);

    public Tensor ReadCopy(string name, ScalarType? dtype = null, Device? device = null) => _changes.ContainsKey(name) ? Merged(name, dtype, device) : _inner.ReadCopy(name, dtype, device);

    public void ReadInto(string name, Tensor target)
    {
        if (!_changes.ContainsKey(name))
        {
            _inner.ReadInto(name, target);
            return;
        }

        using var merged = Merged(name, target.dtype, target.device);
        target.copy_(merged);
    }

    /// <summary>Another network than the one without changes.</summary>
    public string Fingerprint() => ShortHash.Of($"{_inner.Fingerprint()}\n{string.Join('\n', _changes.Keys.Order(StringComparer.Ordinal).SelectMany(k => _changes[k].Select(c => FormattableString.Invariant($"{k} {c.From.File.Fingerprint} {c.From.Scale}"))))}");

    public void Dispose()
    {
        // Checkpoint and changes are their owners'.
    }

    private void Add(TensorEntry entry, Lora lora, string name)
    {
        var change = lora.File.Find(name)!;
        if (!change.Fits(entry.Shape))
        {
            throw new CheckpointException(lora.File.Path, name, $"it changes {change}, and '{entry.Name}' is [{string.Join(", ", entry.Shape)}]: this file was made for another network.");
        }

        if (!_changes.TryGetValue(entry.Name, out var changes))
        {
            _changes[entry.Name] = changes = [];
        }

        changes.Add((change, lora));
    }

    private Tensor Merged(string name, ScalarType? dtype, Device? device)
    {
        using var scope = NewDisposeScope();
        var merged = _inner.ReadCopy(name, ScalarType.Float32);
        foreach (var (change, from) in _changes[name])
        {
            merged = change.AddTo(merged, from.Scale);
        }

        merged = merged.InType(dtype ?? _inner.Tensors[name].DType);
        return (device is null ? merged : merged.to(device)).MoveToOuterDisposeScope();
    }
}
