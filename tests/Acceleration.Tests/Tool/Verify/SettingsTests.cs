using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

/// <summary>Settings that a check does not know are refused by name; those it knows are read from the file.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verify-").FullName;

    [Theory]
    [InlineData("schedulers/ddim_leading_eta0", "config", "\"beta_start\": 0.00085", "\"beta_start\": 0.00085, \"sharpness\": 3", "'sharpness'")]
    [InlineData("schedulers/ddim_leading_eta0", "config", "\"scaled_linear\"", "\"wavy\"", "'beta_schedule': 'wavy'")]
    [InlineData("schedulers/ddim_leading_eta0", "step_kwargs", "{}", "{\"variance_noise\": 1}", "variance_noise = 1")]
    [InlineData("schedulers/ddim_leading_eta0", "set_timesteps_kwargs", "{}", "{\"device\": \"cpu\"}", "device")]
    [InlineData("schedulers/ddim_leading_eta0", "scheduler_class", "DDIMScheduler", "HeunDiscreteScheduler", "HeunDiscreteScheduler")]
    [InlineData("schedulers/ddim_leading_eta05", "step_kwargs", "0.5", "1.5", "between 0")]
    [InlineData("schedulers/flow_euler_shift3", "config", "\"use_karras_sigmas\": false", "\"use_karras_sigmas\": true, \"use_beta_sigmas\": true", "only one shape")]
    [InlineData("models/dit", "config", "\"num_layers\": 2", "\"num_layers\": 2, \"qk_norm\": true", "qk_norm")]
    [InlineData("models/dit", "cases", "[{}, {}]", "[{\"return_hidden\": true}, {}]", "return_hidden")]
    [InlineData("models/dit", "model_class", "DiTTransformer2DModel", "Nonesuch", "Nonesuch")]
    [InlineData("models/dit", "kind", "models", "sculptures", "sculptures")]
    [InlineData("caching/easycache_sequence", "cases", "\"ret_steps_calls\": 8", "\"ret_steps_calls\": 7", "no whole steps")]
    [InlineData("caching/easycache_sequence", "technique", "EasyCache decision logic", "TeaCache", "TeaCache")]
    [InlineData("caching/sada_dpmpp", "arguments", "\"max_fix\": 10", "\"max_fix\": 10, \"sx\": 3", "sx = 3")]
    [InlineData("caching/sada_dpmpp", "arguments", "\"lagrange_term\": 0", "\"lagrange_term\": 2", "without one another")]
    [InlineData("caching/sada_dpmpp", "model", "0.25*sin", "0.25*cos", "is not known yet; known is model_out")]
    [InlineData("caching/sada_euler", "scheduler_class", "EulerDiscreteScheduler", "HeunDiscreteScheduler", "one in each is known")]
    [InlineData("tokens/tome_bipartite", "cases", "\"tokens\": 16", "\"tokens\": 16, \"random\": true", "random = true")]
    [InlineData("guidance/adaptive_guidance", "cases", "\"PerSample\"", "\"Majority\"", "Majority")]
    [InlineData("guidance/loop_ddim_cfg", "guider_config", "5.0", "5.0, \"sharpness\": 3", "sharpness = 3")]
    [InlineData("pipelines/dit_cfg", "call", "\"num_inference_steps\": 8", "\"num_inference_steps\": 8, \"eta\": 0.1", "eta = 0.1")]
    public void AnUnknownSettingIsRefusedByName(string name, string key, string part, string replacement, string expected)
    {
        var path = Path.Combine(_folder, "changed.safetensors");
        File.Copy(Golden.PathOf("models/autoencoder_kl"), Path.Combine(_folder, "autoencoder_kl.safetensors"), overwrite: true);
        Golden.Copy(name, path, metadata: m =>
        {
            Assert.Contains(part, m[key], StringComparison.Ordinal);
            m[key] = m[key].Replace(part, replacement, StringComparison.Ordinal);
        });

        var result = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Verdict is Verdict.Unknown or Verdict.Unreadable, $"{result.Verdict}");
        Assert.Contains(expected, result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedulers/ddim_leading_eta0", "config", "\"steps_offset\": 1", "\"steps_offset\": 0")]
    [InlineData("schedulers/ddim_leading_eta0", "config", "\"set_alpha_to_one\": false", "\"set_alpha_to_one\": true")]
    [InlineData("schedulers/ddim_linspace_clip", "config", "\"clip_sample\": true", "\"clip_sample\": false")]
    [InlineData("schedulers/ddim_thresholding", "config", "\"sample_max_value\": 1.5", "\"sample_max_value\": 1.0")]
    [InlineData("schedulers/ddim_sample_cosine", "config", "\"prediction_type\": \"sample\"", "\"prediction_type\": \"epsilon\"")]
    [InlineData("schedulers/flow_euler_shift3", "config", "\"shift\": 3.0", "\"shift\": 3.01")]
    [InlineData("schedulers/flow_euler_dynamic_linear", "config", "\"linear\"", "\"exponential\"")]
    [InlineData("models/dit", "config", "\"norm_eps\": 1e-05", "\"norm_eps\": 0.01")]
    [InlineData("models/autoencoder_kl_cogvideox", "config", "\"norm_eps\": 1e-06", "\"norm_eps\": 0.001")]
    [InlineData("models/autoencoder_kl_cogvideox", "config", "\"norm_num_groups\": 2", "\"norm_num_groups\": 4")]
    [InlineData("models/autoencoder_kl_cogvideox", "config", "\"silu\"", "\"gelu\"")]
    [InlineData("models/dit_original", "cases", "4.0", "3.9")]
    [InlineData("caching/easycache_sequence", "cases", "\"thresh\": 0.03", "\"thresh\": 0.05")]
    [InlineData("caching/easycache_sequence", "cases", "\"ret_steps\": 4", "\"ret_steps\": 6")]
    [InlineData("caching/sada_dpmpp", "arguments", "[5, 27]", "[5, 26]")]
    [InlineData("caching/sada_dpmpp", "arguments", "\"max_interval\": 4", "\"max_interval\": 1")]
    [InlineData("caching/sada_dpmpp", "arguments", "\"max_fix\": 10", "\"max_fix\": 6")]
    [InlineData("caching/sada_dpmpp", "model", "0.25*sin", "0.26*sin")]
    [InlineData("caching/sada_dpmpp_lagrange", "arguments", "\"lagrange_term\": 4", "\"lagrange_term\": 3")]
    [InlineData("caching/sada_dpmpp_lagrange", "arguments", "\"lagrange_int\": 4", "\"lagrange_int\": 3")]
    [InlineData("tokens/tome_bipartite", "cases", "\"r\": 5", "\"r\": 4")]
    [InlineData("tokens/tomesd_random2d", "cases", "\"r\": 32", "\"r\": 31")]
    [InlineData("guidance/adaptive_guidance", "cases", "\"gamma_bar\": 0.9975", "\"gamma_bar\": 0.9")]
    [InlineData("guidance/loop_ddim_cfg", "guider_config", "5.0", "5.1")]
    [InlineData("guidance/loop_ddim_cfg", "guider_config", "5.0", "5.0, \"stop\": 0.5")]
    [InlineData("guidance/loop_ddim_cfg", "guider_config", "5.0", "5.0, \"guidance_rescale\": 0.1")]
    [InlineData("guidance/loop_ddim_cfg", "guider_config", "5.0", "5.0, \"use_original_formulation\": true")]
    [InlineData("guidance/loop_ddim_apg", "guider_config", "-0.5", "-0.4")]
    [InlineData("guidance/loop_flow_zero_star", "guider_config", "\"zero_init_steps\": 1", "\"zero_init_steps\": 2")]
    [InlineData("guidance/apg_image", "cases", "[-1, -2]", "[-1, 1]")]
    [InlineData("guidance/apg_mix_image", "cases", "\"adaptive_projected_guidance_start_step\": 2", "\"adaptive_projected_guidance_start_step\": 3")]
    [InlineData("guidance/mambo_g_image", "cases", "\"alpha\": 8.0", "\"alpha\": 7.9")]
    [InlineData("guidance/tcfg_image", "cases", "\"guidance_scale\": 7.5", "\"guidance_scale\": 7.6")]
    [InlineData("guidance/fdg_image", "cases", "\"parallel_weights\": 0.5", "\"parallel_weights\": 0.6")]
    [InlineData("guidance/fdg_image", "cases", "\"guidance_rescale_space\": \"freq\"", "\"guidance_rescale_space\": \"data\"")]
    [InlineData("guidance/cfgpp_ddim", "cases", "\"lambda\": 0.4", "\"lambda\": 0.5")]
    [InlineData("pipelines/dit_cfg", "call", "4.0", "4.1")]
    public void AnotherSettingThanTheReferencesMisses(string name, string key, string part, string replacement)
    {
        var path = Path.Combine(_folder, "changed.safetensors");
        File.Copy(Golden.PathOf("models/autoencoder_kl"), Path.Combine(_folder, "autoencoder_kl.safetensors"), overwrite: true);
        Golden.Copy(name, path, metadata: m =>
        {
            Assert.Contains(part, m[key], StringComparison.Ordinal);
            m[key] = m[key].Replace(part, replacement, StringComparison.Ordinal);
        });

        Assert.Equal(Verdict.Misses, Verification.Of(path, cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Theory]
    [InlineData("schedulers/ddim_leading_eta0", "table.c")]
    [InlineData("models/dit", "input.attention_mask")]
    [InlineData("models/dit", "input3.hidden_states")]
    [InlineData("caching/easycache_sequence", "triple.input.x")]
    public void ATensorOfUnknownMeaningIsRefusedByName(string name, string tensor)
    {
        var path = Path.Combine(_folder, "more.safetensors");
        Golden.Copy(name, path, t => t[tensor] = zeros(2));
        var result = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains(tensor, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KnownCasesBesideUnknownOnesAreCompared()
    {
        var path = Path.Combine(_folder, "changed.safetensors");
        Golden.Copy("guidance/cfg_image", path, metadata: m => m["cases"] = m["cases"].Replace("\"stop\": 0.8,", "\"stop\": 0.8, \"sharpness\": 3,", StringComparison.Ordinal));
        var result = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains("sharpness = 3", result.Reason, StringComparison.Ordinal);
        Assert.Equal(["prediction", "num_conditions", "active steps", "prediction in float64"], result.Findings.Select(f => f.What));
        Assert.All(result.Findings, f => Assert.True(f.Holds));
    }

    [Fact]
    public void AFileThatAPipelineRefersToIsSoughtBesideItAndAbove()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName;
        var path = Path.Combine(deep, "dit_cfg.safetensors");
        File.Copy(Golden.PathOf("pipelines/dit_cfg"), path);
        var missing = Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Unreadable, missing.Verdict);
        Assert.Contains("'models/autoencoder_kl.safetensors', which is neither beside it nor in a folder above", missing.Reason, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_folder, "models"));
        File.Copy(Golden.PathOf("models/autoencoder_kl"), Path.Combine(_folder, "models", "autoencoder_kl.safetensors"));
        Assert.Equal(Verdict.Holds, Verification.Of(path, cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
