using System.Text;
using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Indices of sharded checkpoints, beside valid shards.</summary>
internal sealed class ShardIndexTarget : IFuzzTarget
{
    private const string Valid =
        """{"metadata":{"total_size":24},"weight_map":{"a":"m-00001-of-00002.safetensors","b":"m-00001-of-00002.safetensors","c":"m-00002-of-00002.safetensors"}}""";

    private readonly string _folder;
    private readonly string _path;
    private readonly JsonTree _valid = JsonTree.Parse(Valid);
    private readonly JsonMutator _mutator = new(
        ["metadata", "weight_map", "total_size", "a", "b", "c", "d", "m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors", "../outside.safetensors", "/outside.safetensors", "folder.safetensors", "loop.safetensors", "gone.safetensors", ".safetensors", "a/b.safetensors"]);

    public ShardIndexTarget(string folder)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, "shards")).FullName;
        _path = Path.Combine(_folder, "m.safetensors.index.json");
        using (var x = ones(2))
        {
            Write("m-00001-of-00002.safetensors", ("a", x), ("b", x));
            Write("m-00002-of-00002.safetensors", ("c", x));
            Write("../outside.safetensors", ("a", x), ("b", x));
        }

        Directory.CreateDirectory(Path.Combine(_folder, "folder.safetensors"));
        File.CreateSymbolicLink(Path.Combine(_folder, "loop.safetensors"), "loop.safetensors");
    }

    public string Name => "index";

    public int Weight => 40;

    public byte[] Make(Random random)
    {
        var json = _valid.Copy();
        _mutator.Change(random, json, _valid);
        var bytes = Encoding.UTF8.GetBytes(json.ToString());
        return random.OneIn(5) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return Expect.Checkpoint(_path, () =>
        {
            using var checkpoint = Checkpoint.Open(_path);
            checkpoint.Fingerprint();
            foreach (var name in checkpoint.Names)
            {
                using var x = checkpoint.Read(name);
            }
        });
    }

    private void Write(string name, params (string, Tensor)[] tensors) => SafetensorsFile.Write(Path.Combine(_folder, name), tensors);
}
