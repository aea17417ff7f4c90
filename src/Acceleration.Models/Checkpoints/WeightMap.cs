using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The parameters of a checkpoint. Takes note of everything that is missing, misshapen or left over, for one report by
/// <see cref="RequireComplete"/> once all layers are made.
/// </summary>
/// <param name="file">The checkpoint, which stays the caller's.</param>
/// <param name="prefix">What precedes every parameter's name in the file; names without it are not this network's.</param>
/// <param name="dtype">Element type of the parameters, unless a layer asks for another.</param>
/// <param name="device">Where they go; null for the CPU.</param>
public sealed class WeightMap(ICheckpoint file, string prefix = "", ScalarType dtype = ScalarType.Float32, Device? device = null) : IWeightSource
{
    private const int MostListed = 10;

    private readonly ScalarType _dtype = dtype;
    private readonly HashSet<string> _taken = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _misshapen = [];

    /// <inheritdoc/>
    public IReadOnlyList<long>? ShapeOf(string name) => file.Tensors.GetValueOrDefault(prefix + name)?.Shape;

    /// <inheritdoc/>
    public Tensor Take(string name, ReadOnlySpan<long> shape, ScalarType? dtype = null)
    {
        var isThere = Note(name, shape);
        return isThere ? file.Read(prefix + name, dtype ?? _dtype, device) : zeros([1], dtype ?? _dtype, device).expand(shape.ToArray());
    }

    /// <inheritdoc/>
    public Tensor TakeStacked(IReadOnlyList<(string Name, long Size)> parts, ReadOnlySpan<long> rest, ScalarType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var stack = empty([parts.Sum(p => p.Size), .. rest], dtype ?? _dtype, device);
        long at = 0;
        foreach (var (name, size) in parts)
        {
            using var part = stack.narrow(0, at, size);
            if (Note(name, [size, .. rest]))
            {
                file.ReadInto(prefix + name, part);
            }
            else
            {
                part.zero_();
            }

            at += size;
        }

        return stack;
    }

    /// <summary>Notes a tensor that says nothing the others do not, so that it is not left over; it need not be there.</summary>
    public void Ignore(string name) => _taken.Add(name);

    /// <summary>Call it when every layer has taken its parameters.</summary>
    /// <exception cref="CheckpointException">
    /// Parameters are missing, have another shape, or are left over; the first ten of each kind are named, with their number.
    /// </exception>
    public void RequireComplete()
    {
        var unexpected = file.Names
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !_taken.Contains(n[prefix.Length..]))
            .Select(n => n[prefix.Length..])
            .ToArray();
        var problems = new[] { List("missing", _missing), List("of another shape", _misshapen), List("unexpected", unexpected) };
        if (Array.Exists(problems, p => p is not null))
        {
            var only = _missing.Count + _misshapen.Count == 1 && _missing.Count == 1 ? _missing[0] : null;
            throw new CheckpointException(
                file.FilePath, only is null ? null : prefix + only, $"its tensors are not this network's: {string.Join("; ", problems.Where(p => p is not null))}.");
        }
    }

    /// <summary>Notes that a parameter was asked for, and whether it is there as it should be.</summary>
    private bool Note(string name, ReadOnlySpan<long> shape)
    {
        _taken.Add(name);
        if (ShapeOf(name) is not { } stored)
        {
            _missing.Add(name);
            return false;
        }

        if (stored.SequenceEqual(shape.ToArray()))
        {
            return true;
        }

        _misshapen.Add($"{name} is [{string.Join(", ", stored)}], wanted [{string.Join(", ", shape.ToArray())}]");
        return false;
    }

    private static string? List(string kind, IReadOnlyCollection<string> names) => names.Count == 0
        ? null
        : $"{names.Count} {kind} ({string.Join(", ", names.Take(MostListed))}{(names.Count > MostListed ? ", ..." : "")})";
}
