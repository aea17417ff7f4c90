using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary>Each reference tensor of each golden file is compared: a file with one wrong number misses.</summary>
public sealed class PerturbedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verify-").FullName;

    public static TheoryData<string> Files { get; } =
    [
        "caching/easycache_sequence", "guidance/adaptive_guidance", "guidance/loop_ddim_cfg", "guidance/cfg_image", "guidance/apg_mix_image", "guidance/fdg_image", "guidance/loop_flow_zero_star", "guidance/rescale_alone", "guidance/cfgpp_ddim", "models/dit", "models/dit_original", "models/dit_original_nosigma",
        "pipelines/dit_cfg", "schedulers/beta_schedules", "schedulers/ddim_clip_usemodel_eta1", "schedulers/ddim_thresholding", "schedulers/ddim_vpred_zsnr_trailing",
        "schedulers/ddpm_learned_range", "schedulers/lcm_8_vpred", "schedulers/pndm_prk", "schedulers/flow_euler_dynamic_linear", "schedulers/flow_euler_stochastic", "tokens/tome_bipartite", "tokens/tome_vit_blocks", "tokens/tomesd_random2d",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileWithOneWrongNumberMisses(string name)
    {
        // The float64 reference of a network is the other of two that suffice, those of loops in float32 are notes.
        var adaptive = name == "guidance/adaptive_guidance";
        string[] outputs;
        using (var file = SafetensorsFile.Open(Golden.PathOf(name)))
        {
            outputs = [.. file.Names.Where(n => (n.StartsWith("output", StringComparison.Ordinal) || n.Contains(".output.", StringComparison.Ordinal)) && (adaptive || !n.StartsWith("output64", StringComparison.Ordinal)) && file.Tensors[n].Bytes > 0)];
        }

        var path = Path.Combine(_folder, "off.safetensors");
        var vae = Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName;
        File.Copy(Golden.PathOf("models/autoencoder_kl"), Path.Combine(vae, "autoencoder_kl.safetensors"));
        var compared = 0;
        foreach (var output in outputs)
        {
            Golden.Copy(name, path, t => t[output] = Golden.Off(t[output]));
            var result = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
            Assert.True(result.Verdict == Verdict.Misses, $"{name}: {output} is wrong, and the verdict is {result.Verdict} ({result.Reason}).");
            compared++;
        }

        Assert.True(compared >= 1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AReferenceThatIsNoNumberMisses(double value)
    {
        var path = Path.Combine(_folder, "broken.safetensors");
        foreach (var (name, output) in new[] { ("models/dit", "output.sample"), ("schedulers/ddim_leading_eta0", "output.x"), ("tokens/tome_vit_blocks", "output.prop_true.x") })
        {
            Golden.Copy(name, path, t => (t[output] = t[output].clone()).view(-1)[3] = value);
            Assert.Equal(Verdict.Misses, Verification.Of(path, cancellation: TestContext.Current.CancellationToken).Verdict);
        }
    }

    [Fact]
    public void WrongWeightsMiss()
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        Golden.Copy("models/dit", path, t => t["weights.transformer_blocks.1.attn1.to_q.weight"] = Golden.Off(t["weights.transformer_blocks.1.attn1.to_q.weight"]));
        var result = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Misses, result.Verdict);
        Assert.True(result.Worst!.Share > 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
