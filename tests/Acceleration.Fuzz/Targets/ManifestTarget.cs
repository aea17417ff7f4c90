using Acceleration.Onnx;
using Google.Protobuf;

namespace Acceleration.Fuzz;

/// <summary>Manifests of split ONNX models: loaded with their graphs, and asked for a prediction where that succeeds.</summary>
internal sealed class ManifestTarget : IFuzzTarget
{
    private readonly string _path;
    private readonly JsonTree _valid;
    private readonly JsonMutator _mutator;

    public ManifestTarget(string folder)
    {
        var model = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "manifest")).FullName, "model.onnx");
        File.WriteAllBytes(model, new ResidualModel(2, 2, 3).Make().ToByteArray());
        _path = OnnxSplitter.Split(model, Path.Combine(folder, "manifest-split"), Options).Manifest;
        _valid = JsonTree.Parse(File.ReadAllText(_path));
        _mutator = new(
        [
            "format", "model", "output", "perRow", "prelude", "chain", "cuts", "tail", "file", "inputs", "outputs", "main", "text", "place", "endsJoint", "blocks", "branches", "kind", "part", "readsText", "isJoint", "skip", "down", "up", "channels",
            "keepsSize", "selfAttention", "feedForward", "crossAttention", "cut", "before", "after", "prelude.onnx", "tail.onnx", "branch-000.onnx", "stream.0", "timestep", "sample",
        ], 300);
    }

    public string Name => "manifest";

    public int Weight => 4;

    public byte[] Make(Random random)
    {
        var json = _valid.Copy();
        _mutator.Change(random, json, _valid);
        var bytes = Utf16.Bytes(json.ToString());
        return random.OneIn(10) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        File.WriteAllText(_path, Utf16.Text(input));
        try
        {
            using var network = OnnxDenoiser.Load(_path, Options);
            OnnxTarget.Predict(network);
            return Expect.Read;
        }
        catch (OnnxException e)
        {
            Expect.Message(e.Message);
            return nameof(OnnxException);
        }
    }

    private static OnnxOptions Options { get; } = new() { Prediction = PredictionType.Flow, Threads = 1 };
}
