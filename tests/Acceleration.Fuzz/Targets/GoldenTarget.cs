using Acceleration.Tool;

namespace Acceleration.Fuzz;

/// <summary>Golden files, whose metadata says what is to be computed.</summary>
internal sealed class GoldenTarget : IFuzzTarget
{
    // Every case is computed, so time grows with their number, as it should.
    private const int MostCases = 100;

    private readonly string _path;
    private readonly SafetensorsInput[] _valid;
    private readonly (JsonTree Json, string Key, SafetensorsInput File)[] _settings;
    private readonly JsonMutator _mutator;

    public GoldenTarget(string folder)
    {
        _path = Path.Combine(folder, "golden.safetensors");
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.safetensors").Order(StringComparer.Ordinal)];
        _valid = [.. files.Select(f => new SafetensorsInput(File.ReadAllBytes(f)))];
        _settings = [.. files.Zip(_valid).SelectMany(f => Settings(f.First).Select(s => (JsonTree.Parse(s.Json), s.Key, f.Second)))];
        _mutator = new([.. _settings.SelectMany(s => s.Json.All()).SelectMany(t => t.Members).Select(m => m.Key.Trim('"')).Where(k => k.Length > 0).Distinct(), "linspace", "epsilon", "sample"], MostCases);
    }

    public string Name => "golden";

    public int Weight => 2;

    public byte[] Make(Random random)
    {
        if (random.OneIn(3) || _settings.Length == 0)
        {
            return random.Of(_valid).Changed(random, random.Of(_valid));
        }

        var (json, key, file) = random.Of(_settings);
        var changed = json.Copy();
        _mutator.Change(random, changed, random.Of(_settings).Json);
        return file.With(key, changed.ToString(), random);
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        var result = Verification.Of(_path);
        Expect.Message(result.Reason ?? "");
        return result.Verdict.ToString();
    }

    /// <summary>The metadata that is JSON.</summary>
    private static IEnumerable<(string Key, string Json)> Settings(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return [.. file.Metadata.Where(m => m.Value.StartsWith('{') || m.Value.StartsWith('[')).Select(m => (m.Key, m.Value))];
    }
}
