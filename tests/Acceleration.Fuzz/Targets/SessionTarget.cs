using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Saved sessions: the file as such, or its description. What can be loaded is run to its end.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private const string Text = "session.json";
    private const int LengthBytes = 8;
    private readonly string _path;
    private readonly IDenoiser _network = BuiltPlan.Flow();
    private readonly Sampler _sampler;
    private readonly SafetensorsInput _valid;
    private readonly JsonTree _header;
    private readonly byte[] _tensors;
    private readonly string _saved;
    private readonly JsonTree _description;
    private readonly JsonMutator _mutator = new(
    [
        "Version", "Sampler", "Stage", "Step", "Size", "PreviewEvery", "Seed", "Draws", "Times", "Rows", "NegativeRows", "History", "Stores", "Batches", "Numbers", "Key", "Name", "Site", "Call", "Tensor", "Live", "At", "Used",
        "Made", "Row", "Value", "Sample", "Branch", "Trace", "Index", "Decisions", "Routes", "store.0.0", "store.1.0", "latents", "condition.labels", "NaN",
    ]);

    public SessionTarget(string folder)
    {
        _path = Path.Combine(folder, "session.safetensors");
        _sampler = Sampler.For(_network).FlowEuler(4, stochastic: true).Guidance(2).Use(new EasyCache(2.5, 1)).Build();
        using var condition = Conditioning.Labels(0, 1);
        using (var session = _sampler.Start(new() { Condition = condition, PreviewEvery = 1 }))
        {
            session.Advance();
            session.Advance();
            session.Save(_path);
        }

        var file = File.ReadAllBytes(_path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        _valid = new(file);
        _header = JsonTree.Parse(Encoding.UTF8.GetString(file, LengthBytes, length));

        // Bytes come last in a file: all before them are the other tensors.
        var begin = LengthBytes + length + (int)long.Parse(_header.Member(Text)!.Member("data_offsets")!.Members.First().Value.Raw!, CultureInfo.InvariantCulture);
        _tensors = file[(LengthBytes + length)..begin];
        _saved = Path.Combine(folder, "session.saved.safetensors");
        File.Copy(_path, _saved);
        _description = JsonTree.Parse(Encoding.UTF8.GetString(file.AsSpan(begin)));
    }

    public string Name => "session";

    public int Weight => 20;

    public byte[] Make(Random random)
    {
        if (random.OneIn(4))
        {
            return _valid.Changed(random, _valid);
        }

        var description = _description.Copy();
        _mutator.Change(random, description, _description);
        var text = Encoding.UTF8.GetBytes(description.ToString());
        var header = _header.Copy();
        header.Member(Text)!.Member("shape")!.Become(JsonTree.Parse(FormattableString.Invariant($"[{text.Length}]")));
        header.Member(Text)!.Member("data_offsets")!.Become(JsonTree.Parse(FormattableString.Invariant($"[{_tensors.Length},{_tensors.Length + text.Length}]")));

        // With its sum, or nothing else would be looked at.
        header.Member("__metadata__")!.Member("sha256")!.Become(JsonTree.Parse($"\"{SumWith(text)}\""));
        var json = Encoding.UTF8.GetBytes(header.ToString());
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. _tensors, .. text];
    }

    private string SumWith(byte[] text)
    {
        using var scope = NewDisposeScope();
        using var saved = SafetensorsFile.Open(_saved);
        return SessionSum.Of([.. saved.Names.Where(n => n != Text).Select(n => (n, saved.Read(n))), (Text, tensor(text, ScalarType.Byte))]);
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        return Expect.Checkpoint(_path, () =>
        {
            using var session = SamplingSession.Load(_sampler, _path);
            try
            {
                session.RunToEnd();
            }
            catch (SamplingException e)
            {
                // What strategies remember may be of any shape: the step that meets it says so.
                Expect.Message(e.Message);
            }
        });
    }
}
