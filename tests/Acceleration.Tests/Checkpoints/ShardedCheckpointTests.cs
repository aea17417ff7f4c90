using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

/// <summary>Several files as one checkpoint.</summary>
public sealed class ShardedCheckpointTests : CheckpointTest
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    public ShardedCheckpointTests()
    {
        Write(First, "a", "b");
        Write(Second, "c");
        Index(("a", First), ("b", First), ("c", Second));
    }

    [Fact]
    public void ShardsAreReadAsOne()
    {
        using var checkpoint = ShardedCheckpoint.Open(IndexPath);
        Assert.Equal(["a", "b", "c"], checkpoint.Names);
        Assert.Equal([2L], checkpoint.Tensors["c"].Shape);
        Assert.Equal(IndexPath, checkpoint.FilePath);
        Assert.Equal("model", ((ICheckpoint)checkpoint).Name);
        using var c = checkpoint.Read("c");
        using var copy = checkpoint.ReadCopy("b", ScalarType.Float64);
        Assert.Equal([2f, 2f], c.data<float>().ToArray());
        Assert.Equal([1d, 1d], copy.data<double>().ToArray());
        Assert.Contains("the nearest name is 'a'", Assert.Throws<CheckpointException>(() => checkpoint.Read("aa")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorsAreReadIntoMemoryThatIsThere()
    {
        using var checkpoint = ShardedCheckpoint.Open(IndexPath);
        using var scope = NewDisposeScope();
        var stack = zeros([3, 2], ScalarType.Float64);
        checkpoint.ReadInto("b", stack[0]);
        checkpoint.ReadInto("c", stack[2]);
        checkpoint.ReadInto("c", stack.t()[0].narrow(0, 1, 2));
        Assert.Equal([1, 1, 2, 0, 2, 2], stack.data<double>().ToArray());

        var refusal = Assert.Throws<ArgumentException>(() => checkpoint.ReadInto("c", stack));
        Assert.Contains("is [2] and cannot be read into one of [3, 2]", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => checkpoint.ReadInto("d", stack[0]));
    }

    [Fact]
    public void MetadataIsWhatAllShardsSay()
    {
        Write(First, new Dictionary<string, string> { ["format"] = "pt", ["part"] = "1" }, "a", "b");
        Write(Second, new Dictionary<string, string> { ["format"] = "pt", ["part"] = "2", ["note"] = "x" }, "c");
        using var checkpoint = ShardedCheckpoint.Open(IndexPath);
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt" }, checkpoint.Metadata);
    }

    [Fact]
    public void TheFingerprintFollowsTheTensors()
    {
        string Fingerprint()
        {
            using var checkpoint = ShardedCheckpoint.Open(IndexPath);
            return checkpoint.Fingerprint();
        }

        var before = Fingerprint();
        Assert.Equal(before, Fingerprint());
        using (var other = zeros(2))
        {
            SafetensorsFile.Write(PathOf(Second), [("c", other)]);
        }

        Assert.NotEqual(before, Fingerprint());
    }

    [Fact]
    public void AFolderIsOpenedByItsIndexElseByItsOnlyFile()
    {
        using (var whole = Checkpoint.Open(PathOf(".")))
        {
            Assert.Equal(3, whole.Names.Count);
        }

        using (var one = Checkpoint.Open(PathOf(First)))
        {
            Assert.IsType<SafetensorsFile>(one);
        }

        File.Copy(IndexPath, PathOf("other.safetensors.index.json"));
        Refused(PathOf("."), null, "directory with 2 checkpoints (model.safetensors.index.json, other.safetensors.index.json)");
        File.Delete(IndexPath);
        File.Delete(PathOf("other.safetensors.index.json"));
        Refused(PathOf("."), null, "directory with 2 checkpoints (model-00001");
        File.Delete(PathOf(Second));
        using (var only = Checkpoint.Open(PathOf(".")))
        {
            Assert.Equal(["a", "b"], only.Names);
        }

        File.Delete(PathOf(First));
        Refused(PathOf("."), null, "directory without a .safetensors file");
        Refused(PathOf("gone"), null, "does not exist");
        Refused(PathOf("gone.safetensors.index.json"), null, "does not exist");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("..\\outside.safetensors")]
    [InlineData("/etc/x.safetensors")]
    [InlineData("C:x.safetensors")]
    [InlineData("sub/x.safetensors")]
    [InlineData("x.safetensors/")]
    [InlineData("x\u0000.safetensors")]
    [InlineData("..")]
    [InlineData(".safetensors")]
    [InlineData("config.json")]
    [InlineData("")]
    public void ANameThatIsNoFileInTheFolderIsRefusedUnread(string shard)
    {
        Index(("a", First), ("b", shard));
        Refused(IndexPath, "b", "a shard is a .safetensors file in the folder of the index");
    }

    [Fact]
    public void ALinkIsFollowedAndABrokenOneIsNot()
    {
        var blobs = Directory.CreateDirectory(PathOf("blobs")).FullName;
        File.Move(PathOf(Second), Path.Combine(blobs, "0123"));
        File.CreateSymbolicLink(PathOf(Second), Path.Combine("blobs", "0123"));
        using (var checkpoint = ShardedCheckpoint.Open(IndexPath))
        {
            Assert.Equal(3, checkpoint.Names.Count);
        }

        File.Delete(Path.Combine(blobs, "0123"));
        Refused(IndexPath, "c", $"it lies in '{Second}', which is not there");
        File.Delete(PathOf(Second));
        File.CreateSymbolicLink(PathOf(Second), Second);
        Refused(IndexPath, null, "", anyTensor: true);
        File.Delete(PathOf(Second));
        Directory.CreateDirectory(PathOf(Second));
        Refused(IndexPath, null, "this is a directory");
    }

    [Fact]
    public void IndexAndShardsMustHoldTheSame()
    {
        Index(("a", First), ("b", First), ("c", Second), ("d", Second));
        Refused(IndexPath, "d", $"it lies in '{Second}', which does not hold it");
        Index(("a", First), ("b", First), ("c", First));
        Refused(IndexPath, "c", $"it lies in '{First}', which does not hold it");
        Index(("a", First), ("c", Second));
        Refused(IndexPath, "b", "'model.safetensors.index.json' does not say that it lies in this file", file: First);
        Index(("a", First), ("b", First), ("c", Second));
        Write(Second, "c", "a");
        Refused(IndexPath, "a", "does not say that it lies in this file", file: Second);
        Write(Second, "c");
        Index(("a", First), ("b", First), ("c", "model-00003-of-00002.safetensors"));
        Refused(IndexPath, "c", "'model-00003-of-00002.safetensors', which is not there");
        File.WriteAllBytes(PathOf(Second), [1, 2, 3]);
        Index(("a", First), ("b", First), ("c", Second));
        Refused(IndexPath, null, "3 bytes", file: Second);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "no 'weight_map'")]
    [InlineData("""{"weight_map":[]}""", "must be an object of file names")]
    [InlineData("""{"weight_map":{}}""", "is empty")]
    [InlineData("""{"weight_map":{"a":1}}""", "must give it a file name, found Number")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "names this tensor twice")]
    [InlineData("""{"weight_map":{"a":"x.safetensors"},"weight_map":{"a":"x.safetensors"}}""", "'weight_map' twice")]
    [InlineData("""{"weight_map":{"a":"x.safetensors"}}x""", "not valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"x.safetensors"}}""", "invalid string")]
    [InlineData("{\"weight_map\":{\"a\":\"\\udc00.safetensors\"}}", "invalid string")]
    public void ABrokenIndexIsRefused(string json, string reason)
    {
        File.WriteAllText(IndexPath, json);
        Refused(IndexPath, null, reason, anyTensor: true);
    }

    [Fact]
    public void ADeepLongOrDamagedIndexIsRefused()
    {
        File.WriteAllText(IndexPath, "{\"metadata\":" + new string('[', 1_000_000));
        Refused(IndexPath, null, "not valid JSON");
        File.WriteAllBytes(IndexPath, [.. "{\"weight_map\":{\""u8, 0xff, .. "\":\"x\"}}"u8]);
        Refused(IndexPath, null, "not valid UTF-8");
        using (var large = File.Create(IndexPath))
        {
            large.SetLength(100_000_001);
        }

        Refused(IndexPath, null, "the file has 100000001 bytes; an index of shards has 100000000 at most");
    }

    private string IndexPath => PathOf("model.safetensors.index.json");

    private void Index(params (string Tensor, string Shard)[] map) =>
        File.WriteAllText(IndexPath, JsonSerializer.Serialize(new { metadata = new { total_size = 24 }, weight_map = map.ToDictionary(m => m.Tensor, m => m.Shard) }));

    private void Write(string name, params string[] tensors) => Write(name, [], tensors);

    /// <summary>Tensors [2] that hold the number of their file.</summary>
    private void Write(string name, Dictionary<string, string> metadata, params string[] tensors)
    {
        using var x = full(2, name == First ? 1f : 2f);
        SafetensorsFile.Write(PathOf(name), tensors.Select(t => (t, x)), metadata);
    }

    private void Refused(string path, string? tensor, string reason, string? file = null, bool anyTensor = false)
    {
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path).Dispose());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        if (!anyTensor)
        {
            Assert.Equal(tensor, error.TensorName);
        }

        if (file is not null)
        {
            Assert.Equal(PathOf(file), error.File);
        }
    }
}
