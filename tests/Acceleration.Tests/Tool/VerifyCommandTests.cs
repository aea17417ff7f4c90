namespace Acceleration.Tests.Tool;

/// <summary>Exit codes and output of <c>verify</c>; what it compares is tested with the engine.</summary>
public sealed class VerifyCommandTests : ToolTest
{
    [Fact]
    public void FilesThatHoldExitWithZero()
    {
        var (code, output, error) = Run("verify", Golden.PathOf("models/dit"), Path.Combine(Golden.Folder, "tokens"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("5 holds", output, StringComparison.Ordinal);
        Assert.Contains("5.7e-5", output, StringComparison.Ordinal);
    }

    [Fact]
    public void OneThatMissesExitsWithOneWhateverTheOthers()
    {
        Golden.Copy("models/dit", PathOf("off.safetensors"), t => t["output.sample"] = Golden.Off(t["output.sample"]));
        var (code, output, _) = Run("verify", Golden.PathOf("models/dit"), PathOf("off.safetensors"), PathOf("nowhere.safetensors"));
        Assert.Equal(1, code);
        Assert.Contains("1 holds, 1 misses, 1 not readable", output, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownKindsExitWithTwoAndAreNamed()
    {
        Golden.Copy("models/dit", PathOf("other.safetensors"), metadata: m => m["model_class"] = "Nonesuch");
        var (code, _, error) = Run("verify", Golden.PathOf("models/dit"), PathOf("other.safetensors"), Golden.PathOf("weights/fashion-dit"));
        Assert.Equal(2, code);
        Assert.Contains("Nonesuch (kind 'models') is not known yet. Known of this kind are DiT; DiTTransformer2DModel", error, StringComparison.Ordinal);
        Assert.Contains("has no key 'kind'", error, StringComparison.Ordinal);
        Assert.Equal(2, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void FilesThatAreNoneExitWithTwo()
    {
        File.WriteAllText(PathOf("text.safetensors"), "no header");
        Directory.CreateDirectory(PathOf("empty"));
        Assert.Equal(2, Run("verify", PathOf("text.safetensors")).Code);
        Assert.Equal(2, Run("verify", PathOf("nowhere")).Code);
        Assert.Contains("holds no .safetensors file", Run("verify", Golden.PathOf("models/dit"), PathOf("empty")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsInADirectoryAreNoGoldenFiles()
    {
        Golden.Copy("models/dit", PathOf("weights.safetensors"), metadata: m => m["kind"] = "weights");
        Assert.Equal(2, Run("verify", PathOf(".")).Code);
        File.Copy(Golden.PathOf("models/dit"), PathOf("dit.safetensors"));
        var (code, output, _) = Run("verify", PathOf("."));
        Assert.Equal(0, code);
        Assert.Contains("1 holds, 1 nothing to compare", output, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHoldsEveryComparison()
    {
        Golden.Copy("schedulers/ddim_leading_eta0", PathOf("off.safetensors"), t => (t["output.x"] = t["output.x"].clone()).view(-1)[70] = double.NaN);
        var (code, output, _) = Run("verify", PathOf("off.safetensors"), "--json");
        Assert.Equal(1, code);
        var json = Json(output);
        Assert.Equal(1, json.GetProperty("exitCode").GetInt32());
        var file = json.GetProperty("files")[0];
        Assert.Equal("misses", file.GetProperty("verdict").GetString());
        Assert.Equal("NaN", file.GetProperty("worst").GetProperty("error").GetString());
        Assert.Contains(file.GetProperty("comparisons").EnumerateArray(), c => c.GetProperty("what").GetString() == "alphas_cumprod" && c.GetProperty("holds").GetBoolean());
    }
}
