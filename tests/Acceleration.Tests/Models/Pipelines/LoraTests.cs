using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Low-rank changes under every published naming, merged when a model is loaded.</summary>
public sealed class LoraTests : ModelTest
{
    private const string Module = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
    private const string Original = "input_blocks_1_1_transformer_blocks_0_attn1_to_q";
    private const int Rank = 2;

    [Theory]
    [InlineData("unet." + Module, ".lora_A.weight", ".lora_B.weight")]
    [InlineData("base_model.model." + Module, ".lora_A.weight", ".lora_B.weight")]
    [InlineData("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q", "_lora.down.weight", "_lora.up.weight")]
    [InlineData("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q", ".lora_down.weight", ".lora_up.weight")]
    [InlineData("lora_unet_" + Original, ".lora_down.weight", ".lora_up.weight")]
    public void AChangeIsMergedIntoItsMatrix(string name, string down, string up)
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        var (a, b) = (Normal(1, Rank, 8).cpu(), Normal(2, 8, Rank).cpu());
        SafetensorsFile.Write(PathOf("lora.safetensors"), [(name + down, a), (name + up, b), (name + ".alpha", tensor(1f))]);
        using var lora = LoraFile.Open(PathOf("lora.safetensors"));
        using var changed = Pipeline.Load(folder, new() { Loras = [new(lora, 0.5)] });

        // The same change made by hand in the file.
        var weights = Path.Combine(folder, "unet", "diffusion_pytorch_model.safetensors");
        using (var file = SafetensorsFile.Open(weights))
        {
            SafetensorsFile.Write(weights, [.. file.Names.Select(n => (n, n == Module + ".weight" ? file.Read(n) + (b.mm(a) * 0.5 * (1.0 / Rank)) : file.Read(n).clone()))], new Dictionary<string, string> { ["format"] = "pt" });
        }

        using var byHand = Pipeline.Load(folder);
        Assert.InRange(Difference(Output(changed), Output(byHand)), 0, 1e-5);
        Assert.NotEqual(byHand.Network.Info.Weights, changed.Network.Info.Weights);
    }

    [Fact]
    public void AStrengthOfNothingAndNoChangeAreTheSame()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        Write(PathOf("lora.safetensors"), "unet." + Module, 8, 8);
        using var lora = LoraFile.Open(PathOf("lora.safetensors"));
        using var plain = Pipeline.Load(folder);
        using var without = Pipeline.Load(folder, new() { Loras = [new(lora, 0)] });
        Assert.Equal(0, Difference(Output(without), Output(plain)));
    }

    [Fact]
    public void TextEncodersAreChangedToo()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        Write(PathOf("lora.safetensors"), "lora_te_text_model_encoder_layers_0_self_attn_q_proj", 24, 24);
        using var lora = LoraFile.Open(PathOf("lora.safetensors"));
        using var plain = Pipeline.Load(folder);
        using var changed = Pipeline.Load(folder, new() { Loras = [new(lora)] });
        using var a = plain.Encode("a red coat");
        using var b = changed.Encode("a red coat");
        Assert.True(Difference(a.Condition[ConditionNames.Text], b.Condition[ConditionNames.Text]) > 1e-3);
    }

    [Fact]
    public void ChangesOfAnotherModelAreRefused()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        Write(PathOf("other.safetensors"), "unet.down_blocks.7.attentions.0.proj_in", 8, 8);
        Write(PathOf("wide.safetensors"), "unet." + Module, 8, 99);
        Assert.Contains("1 of its 1 changes are of modules that tiny-sd15 does not have", Refused("other.safetensors"), StringComparison.Ordinal);
        Assert.Contains("was made for another network", Refused("wide.safetensors"), StringComparison.Ordinal);

        string Refused(string file)
        {
            using var lora = LoraFile.Open(PathOf(file));
            return Assert.Throws<CheckpointException>(() => Pipeline.Load(folder, new() { Loras = [new(lora)] })).Message;
        }
    }

    [Fact]
    public void FilesThatHoldNoChangesAreRefused()
    {
        Assert.Contains("holds no low-rank changes", Refused(SampleNetwork), StringComparison.Ordinal);
        SafetensorsFile.Write(PathOf("half.safetensors"), [("a.lora_A.weight", zeros(2, 8))]);
        Assert.Contains("its other half 'a.lora_B.weight' is not there", Refused(PathOf("half.safetensors")), StringComparison.Ordinal);
        SafetensorsFile.Write(PathOf("odd.safetensors"), [("a.lora_A.weight", zeros(2, 8)), ("a.lora_B.weight", zeros(8, 3))]);
        Assert.Contains("make no change of a matrix", Refused(PathOf("odd.safetensors")), StringComparison.Ordinal);
        SafetensorsFile.Write(PathOf("more.safetensors"), [("a.lora_A.weight", zeros(2, 8)), ("a.lora_B.weight", zeros(8, 2)), ("a.dora_scale", zeros(8))]);
        Assert.Contains("1 of its 3 tensors are no low-rank changes", Refused(PathOf("more.safetensors")), StringComparison.Ordinal);

        static string Refused(string path) => Assert.Throws<CheckpointException>(() => LoraFile.Open(path)).Message;
    }

    private static void Write(string path, string module, long outputs, long inputs) =>
        SafetensorsFile.Write(path, [(module + ".lora_down.weight", Normal(1, Rank, inputs).cpu()), (module + ".lora_up.weight", Normal(2, outputs, Rank).cpu())]);

    private static Tensor Output(Pipeline pipeline)
    {
        using var text = new Conditioning(1, (ConditionNames.Text, Normal(7, 1, 5, 24).cpu()));
        return pipeline.Network.Predict(Normal(8, 1, 4, 8, 8).cpu(), full(1, 500f), text, Evaluation.Plain(1));
    }
}
