using System.IO.Compression;

namespace Acceleration.Models;

/// <summary>
/// Character properties of Unicode 14, as the reference tokenizers of CLIP know them. Those of .NET follow newer versions, and depend on the system's ICU or its absence. The data are written by eng/unicode14.py.
/// </summary>
internal sealed class UnicodeTables
{
    private const int CodePoints = 0x110000;
    private const int Cased = 1;
    private const int CaseIgnorable = 2;

    private static readonly Lazy<UnicodeTables> Shared = new(() => new());

    private readonly int[] _kindStarts;
    private readonly byte[] _kinds;
    private readonly int[] _casingStarts;
    private readonly byte[] _casings;
    private readonly Dictionary<int, int> _lower;
    private readonly Dictionary<int, (int First, int Second)> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, int> _combiningClasses;

    private UnicodeTables()
    {
        using var packed = typeof(UnicodeTables).Assembly.GetManifestResourceStream("unicode14.bin")!;
        using var data = new BufferedStream(new DeflateStream(packed, CompressionMode.Decompress));
        (_kindStarts, _kinds) = Runs(data);
        (_casingStarts, _casings) = Runs(data);
        _lower = Pairs(data);
        var (count, code) = (Number(data), 0);
        for (var i = 0; i < count; i++)
        {
            code += Number(data);
            var (first, second, composes) = (Number(data), Number(data), Number(data));
            _decompositions[code] = (first, second);
            if (composes == 1)
            {
                _compositions[(first, second)] = code;
            }
        }

        _combiningClasses = Pairs(data);
    }

    public static CharacterKind KindOf(int code) => (CharacterKind)Find(Shared.Value._kindStarts, Shared.Value._kinds, code);

    public static bool IsCased(int code) => Find(Shared.Value._casingStarts, Shared.Value._casings, code) == Cased;

    public static bool IsCaseIgnorable(int code) => Find(Shared.Value._casingStarts, Shared.Value._casings, code) == CaseIgnorable;

    /// <summary>The lower case of a character whatever stands beside it; itself where it has none.</summary>
    public static int Lower(int code) => Shared.Value._lower.GetValueOrDefault(code, code);

    /// <summary>Canonical decomposition, one step of it; the second is 0 where it is one character.</summary>
    public static bool TryDecompose(int code, out (int First, int Second) parts) => Shared.Value._decompositions.TryGetValue(code, out parts);

    /// <summary>The canonical composition of two characters.</summary>
    public static bool TryCompose(int first, int second, out int code) => Shared.Value._compositions.TryGetValue((first, second), out code);

    public static int CombiningClass(int code) => Shared.Value._combiningClasses.GetValueOrDefault(code);

    private static byte Find(int[] starts, byte[] values, int code)
    {
        var at = Array.BinarySearch(starts, code);
        return values[at >= 0 ? at : ~at - 1];
    }

    private static (int[] Starts, byte[] Values) Runs(Stream data)
    {
        var (starts, values) = (new List<int>(), new List<byte>());
        for (var start = 0; start < CodePoints;)
        {
            starts.Add(start);
            values.Add((byte)Number(data));
            start += Number(data);
        }

        return ([.. starts], [.. values]);
    }

    private static Dictionary<int, int> Pairs(Stream data)
    {
        var (count, code) = (Number(data), 0);
        var pairs = new Dictionary<int, int>(count);
        for (var i = 0; i < count; i++)
        {
            code += Number(data);
            pairs[code] = Number(data);
        }

        return pairs;
    }

    private static int Number(Stream data)
    {
        var (number, shift) = (0, 0);
        while (true)
        {
            var part = data.ReadByte();
            number |= (part & 127) << shift;
            if (part < 128)
            {
                return part >= 0 ? number : throw new EndOfStreamException();
            }

            shift += 7;
        }
    }
}
