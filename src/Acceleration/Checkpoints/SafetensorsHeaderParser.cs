using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Turns the JSON of a header into metadata and tensor entries, refusing whatever is not a header.</summary>
internal ref struct SafetensorsHeaderParser
{
    // object, tensor, list: three levels; one more lets a field this version does not know be skipped.
    private const int MaxDepth = 4;

    private readonly string _file;
    private readonly SafetensorsLayout _layout;
    private readonly Dictionary<string, string> _metadata = [];
    private readonly List<TensorEntry> _entries = [];
    private Utf8JsonReader _reader;
    private string? _tensor;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> json, SafetensorsLayout layout, string file)
    {
        _file = file;
        _layout = layout;
        _reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    public static (Dictionary<string, string> Metadata, List<TensorEntry> Entries) Parse(
        ReadOnlySpan<byte> json, SafetensorsLayout layout, string file)
    {
        var parser = new SafetensorsHeaderParser(json, layout, file);
        try
        {
            parser.ReadHeader();
        }
        catch (JsonException error)
        {
            throw new CheckpointException(file, parser._tensor, $"the header is not valid JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // Raised for an escape that is half a surrogate pair, the one text fault that UTF-8 validation cannot see.
            throw new CheckpointException(file, parser._tensor, $"the header holds an invalid string: {error.Message}", error);
        }

        return (parser._metadata, parser._entries);
    }

    private void ReadHeader()
    {
        var names = new HashSet<string>();
        _reader.Read();
        while (NextField(out var name))
        {
            _tensor = name == SafetensorsHeader.MetadataKey ? null : name;
            if (!names.Add(name))
            {
                throw Fault(_tensor is null ? "the header has two metadata objects." : "the header names this tensor twice.");
            }

            if (_tensor is null)
            {
                ReadMetadata();
            }
            else
            {
                _entries.Add(ReadTensor(name));
            }

            _tensor = null;
        }

        // Throws JsonException unless only white space follows the object.
        _reader.Read();
    }

    private void ReadMetadata()
    {
        Require(JsonTokenType.StartObject, $"{SafetensorsHeader.MetadataKey} must be an object of strings");
        while (NextField(out var key))
        {
            if (_reader.TokenType != JsonTokenType.String)
            {
                throw Fault($"the value of metadata '{CheckpointException.Shorten(key)}' must be a string, found {_reader.TokenType}.");
            }

            if (!_metadata.TryAdd(key, _reader.GetString()!))
            {
                throw Fault($"the metadata names '{CheckpointException.Shorten(key)}' twice.");
            }
        }
    }

    private TensorEntry ReadTensor(string name)
    {
        Require(JsonTokenType.StartObject, "its description must be an object with dtype, shape and data_offsets");
        ScalarType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (NextKnownField(out var field))
        {
            switch (field)
            {
                case "dtype" when dtype is null:
                    dtype = ReadDType();
                    break;
                case "shape" when shape is null:
                    shape = ReadSizes(field, SafetensorsLayout.MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadSizes(field, 2);
                    break;
                case null:
                    _reader.Skip();
                    break;
                default:
                    throw Fault($"its description has '{field}' twice.");
            }
        }

        return _layout.Entry(
            name,
            dtype ?? throw Fault("its description has no 'dtype'."),
            shape ?? throw Fault("its description has no 'shape'."),
            offsets ?? throw Fault("its description has no 'data_offsets'."));
    }

    private ScalarType ReadDType()
    {
        Require(JsonTokenType.String, "its dtype must be a string");
        var name = _reader.GetString()!;
        return SafetensorsDType.Parse(name)
            ?? throw Fault($"its dtype '{CheckpointException.Shorten(name)}' is not supported; supported are {SafetensorsDType.Names}.");
    }

    private long[] ReadSizes(string field, int most)
    {
        Require(JsonTokenType.StartArray, $"its {field} must be a list of integers");
        Span<long> sizes = stackalloc long[most];
        var count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var size) || size < 0)
            {
                throw Fault($"its {field} must hold integers from 0 to {long.MaxValue} only.");
            }

            if (count == most)
            {
                throw Fault($"its {field} has more than {most} numbers.");
            }

            sizes[count++] = size;
        }

        return sizes[..count].ToArray();
    }

    private bool NextField(out string name)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            name = "";
            return false;
        }

        name = _reader.GetString()!;
        _reader.Read();
        return true;
    }

    /// <summary>The next field of a tensor's description; null for one that this version does not know. A name makes no string each time: a header may describe a million tensors.</summary>
    private bool NextKnownField(out string? name)
    {
        _reader.Read();
        name = null;
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = _reader.ValueTextEquals("dtype"u8) ? "dtype" : _reader.ValueTextEquals("shape"u8) ? "shape" : _reader.ValueTextEquals("data_offsets"u8) ? "data_offsets" : null;
        if (name is null)
        {
            // Throws where it is no text.
            _reader.GetString();
        }

        _reader.Read();
        return true;
    }

    private readonly void Require(JsonTokenType expected, string requirement)
    {
        if (_reader.TokenType != expected)
        {
            throw Fault($"{requirement}, found {_reader.TokenType}.");
        }
    }

    private readonly CheckpointException Fault(string reason) => new(_file, _tensor, reason);
}
