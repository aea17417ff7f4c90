using System.Globalization;

namespace Acceleration.Onnx;

/// <summary>Finds the weights of a model file, without reading them.</summary>
internal sealed class StoredWeights : IDisposable
{
    // Fields of onnx.proto.
    private const int ModelGraph = 7;
    private const int GraphNode = 1;
    private const int GraphInitializer = 5;
    private const int NodeOutput = 2;
    private const int NodeAttribute = 5;
    private const int AttributeTensor = 5;
    private const int AttributeGraph = 6;
    private const int AttributeGraphs = 11;
    private const int TensorDims = 1;
    private const int TensorType = 2;
    private const int TensorName = 8;
    private const int TensorExternal = 13;
    private const int EntryKey = 1;
    private const int EntryValue = 2;

    // Values by type, and raw.
    private static readonly int[] TensorValues = [4, 5, 7, 9, 10, 11];

    // As deep as readers of the format go.
    private const int Deepest = 100;

    // Tensors of nodes are sizes and factors mostly, of which splitting leaves out what nothing reads.
    private const long LeastOfNodes = 1024;
    private readonly string _file;
    private readonly WireFile _wire;

    private StoredWeights(string file) => (_file, _wire) = (file, new(file));

    /// <summary>Of one file.</summary>
    /// <exception cref="InvalidDataException">It is no model in this format.</exception>
    public static IReadOnlyList<StoredWeight> Of(string file)
    {
        using var weights = new StoredWeights(file);
        return [.. weights._wire.Fields().Where(f => f.Number == ModelGraph).SelectMany(g => weights.Graph(g, "", 0))];
    }

    public void Dispose() => _wire.Dispose();

    private IEnumerable<StoredWeight> Graph(WireField graph, string owner, int depth) => depth > Deepest
        ? throw new InvalidDataException("its graphs lie in one another too deep")
        : _wire.Fields(graph).SelectMany(f => f.Number switch
        {
            GraphInitializer => [Tensor(f, owner)],
            GraphNode => Node(f, owner, depth),
            _ => Enumerable.Empty<StoredWeight>(),
        });

    private IEnumerable<StoredWeight> Node(WireField node, string owner, int depth)
    {
        var made = "";
        foreach (var field in _wire.Fields(node))
        {
            if (field.Number == NodeOutput && made.Length == 0)
            {
                made = $"{owner}{_wire.Text(field)}/";
            }
            else if (field.Number == NodeAttribute)
            {
                // Outputs are written before attributes, in the order of their numbers.
                foreach (var inside in _wire.Fields(field))
                {
                    var found = inside.Number == AttributeTensor ? [Tensor(inside, made)] : inside.Number is AttributeGraph or AttributeGraphs ? Graph(inside, made, depth + 1) : [];
                    foreach (var weight in found.Where(w => w.Bytes is null or >= LeastOfNodes))
                    {
                        yield return weight;
                    }
                }
            }
        }
    }

    private StoredWeight Tensor(WireField tensor, string owner)
    {
        var (name, type, dims, values, external) = ("", 0UL, new List<ulong>(), default(WireField), new Dictionary<string, string>());
        foreach (var field in _wire.Fields(tensor))
        {
            switch (field.Number)
            {
                case TensorName:
                    name = _wire.Text(field);
                    break;
                case TensorType:
                    type = field.Value;
                    break;
                case TensorDims:
                    dims.AddRange(_wire.Numbers(field));
                    break;
                case TensorExternal:
                    external[TextOf(field, EntryKey)] = TextOf(field, EntryValue);
                    break;
                case var number when TensorValues.Contains(number) && field.Length > values.Length:
                    values = field;
                    break;
            }
        }

        var form = $"{type} [{string.Join(',', dims)}]";
        return external.TryGetValue("location", out var location)
            ? new(owner + name, form, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, location), Number("offset") ?? 0, Number("length"))
            : new(owner + name, form, _file, values.Begin, values.Length);

        string TextOf(WireField entry, int number) => _wire.Fields(entry).Where(f => f.Number == number).Select(_wire.Text).LastOrDefault("");

        long? Number(string key) => !external.TryGetValue(key, out var text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidDataException($"'{key}' of '{name}' is no number");
    }
}
