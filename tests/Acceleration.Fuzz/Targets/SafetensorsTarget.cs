using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Files of tensors: opened, and every tensor read in every way.</summary>
internal sealed class SafetensorsTarget : IFuzzTarget
{
    private readonly string _path;
    private readonly SafetensorsInput[] _valid;

    public SafetensorsTarget(string folder)
    {
        _path = Path.Combine(folder, "input.safetensors");
        _valid = [.. Seeds().Select(Input)];
    }

    public string Name => "safetensors";

    public int Weight => 120;

    public byte[] Make(Random random) => random.Of(_valid).Changed(random, random.Of(_valid));

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return Expect.Checkpoint(_path, () =>
        {
            using var file = SafetensorsFile.Open(_path);
            file.Fingerprint();
            foreach (var name in file.Names)
            {
                using var stored = file.Read(name);
                using var copy = file.ReadCopy(name);
                using var converted = file.Read(name, ScalarType.Float64);
                if (stored.bytes.Length != file.Tensors[name].Bytes || !stored.bytes.SequenceEqual(copy.bytes) || !converted.shape.SequenceEqual(file.Tensors[name].Shape))
                {
                    throw new FuzzException($"'{name}' was read in different ways.");
                }
            }
        });
    }

    private static IEnumerable<(string, Tensor)[]> Seeds()
    {
        yield return [("a", ones(2, 3)), ("b", zeros(3, ScalarType.Byte)), ("c.weight", ones([1, 1, 2], ScalarType.BFloat16)), ("flag", ones(3, ScalarType.Bool))];
        yield return [("long", arange(5)), ("double", ones([2], ScalarType.Float64)), ("scalar", tensor(1f)), ("none", empty(0, 4)), ("half", ones([3], ScalarType.Float16))];
        yield return [("short", ones([3], ScalarType.Int16)), ("int", ones([2, 2], ScalarType.Int32)), ("byte", ones([1], ScalarType.Int8))];
        yield return [];
    }

    private SafetensorsInput Input((string, Tensor)[] tensors)
    {
        SafetensorsFile.Write(_path, tensors, new Dictionary<string, string> { ["format"] = "pt", ["k"] = "v" });
        Array.ForEach(tensors, t => t.Item2.Dispose());
        return new(File.ReadAllBytes(_path));
    }
}
