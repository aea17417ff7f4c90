using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Saved stores of runs: the file as such, or the description of what its tensors are.</summary>
internal sealed class RunStoreTarget : IFuzzTarget
{
    private const string Key = "run_store";
    private readonly string _path;
    private readonly SafetensorsInput _valid;
    private readonly JsonTree _description;
    private readonly JsonMutator _mutator = new(["Version", "Batches", "Numbers", "Key", "Name", "Site", "Call", "Tensor", "Rows", "Live", "At", "Row", "Value", "Sample", "Branch", "NaN", "0", "1", "2"]);

    public RunStoreTarget(string folder)
    {
        _path = Path.Combine(folder, "store.safetensors");
        using (var store = new RunStore())
        using (var x = ones(4, 2))
        {
            store.Push(new("delta", 3, 1), RowSet.Of(2, 0), x, at: 1, keep: 2);
            store.Push(new("delta", 3, 1), RowSet.Of(2, 0), x, at: 2, keep: 2);
            store.Push(new("last"), RowSet.Of(4, 1), x);
            store.SetScalar(new("drift"), new(0, 1), double.NaN);
            store.Save(_path);
        }

        _valid = new(File.ReadAllBytes(_path));
        using var file = SafetensorsFile.Open(_path);
        _description = JsonTree.Parse(file.Metadata[Key]);
    }

    public string Name => "store";

    public int Weight => 40;

    public byte[] Make(Random random)
    {
        if (random.OneIn(4))
        {
            return _valid.Changed(random, _valid);
        }

        var description = _description.Copy();
        _mutator.Change(random, description, _description);
        return _valid.With(Key, description.ToString(), random);
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return Expect.Checkpoint(_path, () =>
        {
            using var store = RunStore.Load(_path);
            store.Evict(store.Bytes / 2);
            using var copy = store.Clone();
        });
    }
}
