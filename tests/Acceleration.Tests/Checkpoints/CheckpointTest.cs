using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

/// <summary>A folder that is deleted afterwards, and the demand that the test left no live tensor behind.</summary>
public abstract class CheckpointTest : IDisposable, ICountsLiveTensors
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors-test-").FullName;
    private readonly long _alive = LiveTensors.Count();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);
        GC.SuppressFinalize(this);
    }

    protected string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file by hand: the length of the JSON, the JSON, the data.</summary>
    protected string Raw(string json, params byte[] data) => Raw(Encoding.UTF8.GetBytes(json), data);

    protected string Raw(byte[] json, byte[] data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
        return Save("raw.safetensors", [.. prefix, .. json, .. data]);
    }

    protected string Save(string name, byte[] bytes)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
