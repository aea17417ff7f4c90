using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Checkpoints of a network: loaded whole, and asked for one prediction where that succeeds.</summary>
internal sealed class DiTTarget : IFuzzTarget
{
    private readonly string _path;
    private readonly SafetensorsInput _valid;

    public DiTTarget(string folder)
    {
        _path = Path.Combine(folder, "network.safetensors");
        TinyDiT.Write(_path, TinyDiT.Config);
        _valid = new(File.ReadAllBytes(_path));
    }

    public string Name => "dit";

    public int Weight => 8;

    public byte[] Make(Random random) => _valid.Changed(random, _valid);

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return Expect.Checkpoint(_path, () => Predict(_path));
    }

    /// <summary>Loads a network and asks it for one prediction.</summary>
    public static void Predict(string path)
    {
        using var network = DiT.Load(path);
        var size = network.Info.SampleSize;
        if (size.Aggregate(1.0, (product, side) => product * side) > 1 << 12)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var labels = Conditioning.Labels(0);
        network.Predict(zeros([1, .. size]), ones(1), labels, Evaluation.Plain(1));
    }
}
