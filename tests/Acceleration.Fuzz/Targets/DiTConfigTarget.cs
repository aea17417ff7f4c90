using System.Text;

namespace Acceleration.Fuzz;

/// <summary>A config.json beside a valid checkpoint.</summary>
internal sealed class DiTConfigTarget : IFuzzTarget
{
    private readonly string _path;
    private readonly string _config;
    private readonly JsonTree _valid = JsonTree.Parse(TinyDiT.Config);
    private readonly JsonMutator _mutator = new(
        ["hidden_size", "depth", "num_heads", "patch_size", "in_channels", "num_classes", "input_size", "mlp_ratio", "learn_sigma", "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "linear", "architecture", "DiT", "prediction", "epsilon", "_note", "true", "4", "1"]);

    public DiTConfigTarget(string folder)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, "configured")).FullName;
        (_path, _config) = (Path.Combine(own, "network.safetensors"), Path.Combine(own, "config.json"));
        TinyDiT.Write(_path, null);
    }

    public string Name => "config";

    public int Weight => 8;

    public byte[] Make(Random random)
    {
        var json = _valid.Copy();
        _mutator.Change(random, json, _valid);
        var bytes = Encoding.UTF8.GetBytes(json.ToString());
        return random.OneIn(8) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_config, input);
        return Expect.Checkpoint(_path, () => DiTTarget.Predict(_path));
    }
}
