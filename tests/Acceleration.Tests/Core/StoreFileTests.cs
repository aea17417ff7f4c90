using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A store on disk.</summary>
public sealed class StoreFileTests : CoreTest
{
    private static readonly StoreKey Key = new("x", 3);
    private static readonly RowId[] Ids = [new(0, 0), new(1, 0), new(0, 1)];
    private readonly RunStore _store = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");

    protected override void Release()
    {
        _store.Dispose();
        File.Delete(_path);
        base.Release();
    }

    private static RowSet Some(params int[] ids) => new([.. ids.Select(i => Ids[i])]);

    private static Tensor Of(params float[] values) => tensor(values);

    [Fact]
    public void ASavedStoreContinuesWhereItWas()
    {
        _store.Push(Key, Some(0, 1, 2), Of(10, 11, 12), at: 1, keep: 2);
        _store.Push(Key, Some(1), Of(21), at: 2, keep: 2);
        _store.Push(Key, Some(1), Of(31), at: 3, keep: 2);
        _store.Push(new("y", 3, 1), Some(0), Count(1, 2, 3), at: 0.5);
        _store.SetScalar(Key, Ids[0], double.NaN);
        _store.SetScalar(new("E"), Ids[1], 0.1);
        _store.Save(_path);
        using var loaded = RunStore.Load(_path);

        Assert.Equal((_store.Bytes, _store.Tensors), (loaded.Bytes, loaded.Tensors));
        Assert.Equal([1, 2, 1], new[] { 0, 1, 2 }.Select(i => loaded.Depth(Key, Ids[i])));
        Assert.Equal([10, 31, 12], loaded.Get(Key, Some(0, 1, 2)).Value.data<float>().ToArray());
        Assert.Equal([1.0, 3, 1], loaded.Get(Key, Some(0, 1, 2)).At);
        Assert.Equal([21], loaded.Get(Key, Some(1), age: 1).Value.data<float>().ToArray());
        Assert.Equal([1, 2, 3], loaded.Get(new("y", 3, 1), Some(0)).Value.shape);
        Assert.True(double.IsNaN(loaded.Scalar(Key, Ids[0])!.Value));
        Assert.Equal(0.1, loaded.Scalar(new("E"), Ids[1]));

        // The oldest is still the first to go, with the whole histories of its rows.
        loaded.Evict(loaded.Bytes - 1);
        Assert.Equal(0, loaded.Depth(Key, Ids[0]));
        Assert.Equal(2, loaded.Depth(Key, Ids[1]));
    }

    [Theory]
    [InlineData(null, "no saved store")]
    [InlineData("{", "cannot be read")]
    [InlineData("null", "incomplete")]
    [InlineData("""{"Version":2,"Batches":[],"Numbers":[]}""", "version 2")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[],"More":1}""", "cannot be read")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"x","Site":0,"Call":0},"Tensor":"none","Rows":[{"Sample":0,"Branch":0}],"Live":[],"At":0}],"Numbers":[]}""", "none")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"x","Site":0,"Call":0},"Tensor":"0","Rows":[{"Sample":0,"Branch":0},{"Sample":1,"Branch":0}],"Live":[],"At":0}],"Numbers":[]}""", "2 distinct rows")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[]}""", "tensor '0': 'run_store' does not say what it is")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"x","Site":0,"Call":0},"Tensor":"0","Rows":[{"Sample":0,"Branch":0}],"Live":[],"At":0},{"Key":{"Name":"y","Site":0,"Call":0},"Tensor":"0","Rows":[{"Sample":0,"Branch":0}],"Live":[],"At":0}],"Numbers":[]}""", "tensor '0': 'run_store' names it twice")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[null]}""", "incomplete")]
    [InlineData("""{"Version":1,"Batches":[null],"Numbers":[]}""", "incomplete")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[{"Key":{"Site":1},"Row":{"Sample":0,"Branch":0},"Value":1}]}""", "incomplete")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[{"Key":{"Name":"\ud800"},"Row":{"Sample":0,"Branch":0},"Value":1}]}""", "cannot be read")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"x","Site":0,"Call":0},"Tensor":"0","Rows":[{"Sample":0,"Branch":0}],"Live":[{"Sample":7,"Branch":0}],"At":0}],"Numbers":[]}""", "live")]
    public void AFileThatIsNoStoreIsRefused(string? metadata, string reason)
    {
        SafetensorsFile.Write(_path, [("0", Of(1, 2, 3))], metadata is null ? null : new Dictionary<string, string> { ["run_store"] = metadata });
        Assert.Contains(reason, Assert.Throws<CheckpointException>(() => RunStore.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("""{"{0}":1}""")]
    [InlineData("""{"Version":1,"Batches":[],"Numbers":[],"{0}":1}""")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"x"},"Tensor":"{0}","Rows":[{"Sample":0,"Branch":0}],"Live":[],"At":0}],"Numbers":[]}""")]
    [InlineData("""{"Version":1,"Batches":[{"Key":{"Name":"{0}","Site":"{0}"},"Tensor":"0","Rows":[],"Live":[],"At":0}],"Numbers":[]}""")]
    public void AMessageAboutAStoreIsShortWhateverItSays(string metadata)
    {
        var text = new string('x', 1_000_000);
        SafetensorsFile.Write(_path, [("0", Of(1, 2, 3))], new Dictionary<string, string> { ["run_store"] = metadata.Replace("{0}", text, StringComparison.Ordinal) });
        Assert.InRange(Assert.Throws<CheckpointException>(() => RunStore.Load(_path)).Message.Length, 10, 3000);
        SafetensorsFile.Write(_path, [(text, Of(1, 2, 3))], new Dictionary<string, string> { ["run_store"] = """{"Version":1,"Batches":[],"Numbers":[]}""" });
        Assert.InRange(Assert.Throws<CheckpointException>(() => RunStore.Load(_path)).Message.Length, 10, 3000);
    }
}
