using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>The transformer of Diffusion Policy in its four forms.</summary>
public sealed class PolicyTransformerTests : ModelTest
{
    public static TheoryData<string> Forms { get; } = ["encoder_only", "time_cond", "obs_causal", "obs_encoder"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void OutputsAreTheReferences(string form)
    {
        Golden.Holds($"models/policy_transformer_{form}", "output", "output, strict");
        using var file = SafetensorsFile.Open(Fixture($"policy_transformer_{form}"));
        using var network = Form(form, ScalarType.Float64);
        using var condition = Observed(file);
        var made = network.Predict(file.Read("input.sample", ScalarType.Float64).transpose(1, 2).ToTestDevice(), file.Read("input.timestep").ToTestDevice(), condition, Evaluation.Plain(2));

        Assert.InRange(Difference(made.transpose(1, 2), file.Read("output64.sample")), 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void EverySiteIsRaisedAsStrategiesRelyOn(string form)
    {
        using var network = Form(form);
        NetworkCheck.Run(network).ThrowIfFailed();
        NetworkCheck.Run(network, size: [7, 5]).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AHookThatOnlyPassesOnChangesNoBitAndNoCost(string form)
    {
        using var network = Form(form);
        var (x, t, condition) = Inputs(network, 3);
        using var _ = condition;
        var plain = network.Predict(x, t, condition, Evaluation.Plain(3));
        foreach (var tag in new[] { "chain", "blocks", "attention", "ff", "cross" }.Where(tag => network.Info.Sites.All.Any(Where.Parse(tag).Matches)))
        {
            IRun run = tag == "chain" ? new ChainProbe((_, h, next) => next.Invoke(h, 0, next.Count)) : new SiteProbe((_, h, next) => next.Invoke(h));
            var hooked = network.Predict(x, t, condition, HookedEvaluation.Of(network.Info, 3, run, HookedEvaluation.Claim(Where.Parse(tag)), out var trace));

            Assert.Equal(0, Difference(hooked, plain));
            Assert.Equal(0, trace.MultiplyAdds, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention(string form)
    {
        using var network = Form(form);
        const double actions = 8;
        const double size = 7;
        const double width = 24;
        const double hidden = 96;
        const double blocks = 2;
        var (tokens, memory, observation) = form switch
        {
            "encoder_only" => (actions + 1, 0.0, 0.0),
            "time_cond" => (actions, 1, 0),
            "obs_causal" => (actions, 4, 3 * 9 * width),
            _ => (actions, 3, 2 * 9 * width),
        };
        var self = (tokens * 4 * width * width) + (2 * tokens * tokens * width);
        var cross = memory == 0 ? 0 : (tokens * 2 * width * width) + (2 * tokens * memory * width);
        var feedForward = tokens * 2 * width * hidden;
        var keysAndValues = memory * blocks * 2 * width * width;
        var encoder = form == "obs_encoder"
            ? 2 * memory * ((4 * width * width) + (2 * memory * width) + (2 * width * hidden))
            : memory * 2 * width * hidden;
        var sites = network.Info.Sites;

        Assert.Equal(self, sites["blocks.1.attention"].Cost.MultiplyAdds((long)tokens));
        var text = network.Info.TextTokens();
        Assert.Equal(form == "obs_encoder" ? 2 : 0, text);
        Assert.Equal(self + cross + feedForward, sites["blocks.0"].Cost.MultiplyAdds((long)tokens, text));
        Assert.Equal((blocks * (self + cross + feedForward)) + keysAndValues + encoder + observation + (2 * actions * size * width), sites.Network.Cost.MultiplyAdds((long)tokens, text));
        Assert.Equal(memory > 0, sites.All.Any(Where.CrossAttention.Matches));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ABatchEqualsItsRowsAndBFloat16IsClose(string form)
    {
        using var network = Form(form);
        using var coarse = Form(form, ScalarType.BFloat16);
        var (x, t, condition) = Inputs(network, 3);
        using var _ = condition;
        var whole = network.Predict(x, t, condition, Evaluation.Plain(3));
        for (var i = 0; i < 3; i++)
        {
            using var one = condition.Take([i]);
            Assert.InRange(Difference(network.Predict(x.narrow(0, i, 1), t.narrow(0, i, 1), one, Evaluation.Plain(1)), whole.narrow(0, i, 1)), 0, 1e-5);
        }

        Assert.InRange(RelativeDifference(coarse.Predict(x, t, condition, Evaluation.Plain(3)), whole), 1e-6, 3e-2);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforeNativeCode()
    {
        using var network = Form("obs_causal");
        var (x, t, condition) = Inputs(network, 2);
        using var _ = condition;
        void Refused(string part, Tensor latents, Tensor time, Conditioning given, int rows = 2) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => network.Predict(latents, time, given, Evaluation.Plain(rows))).Message, StringComparison.Ordinal);

        Refused("such as [7, 8]", x.narrow(1, 0, 6), t, condition);
        Refused("such as [7, 8]", x[0], t, condition);
        Refused("positions for 8 actions; got 16", cat([x, x], 2), t, condition);
        Refused("evaluation has 3", x, t, condition, 3);
        Refused("timestep must be [2]", x, cat([t, t], 0), condition);
        using var shorter = new Conditioning(2, (ConditionNames.Observation, zeros(2, 2, 9)));
        Refused("'observation' must be [2 or 1, 3, 9]", x, t, shorter);
        using var whole = new Conditioning(2, (ConditionNames.Observation, zeros(2, 3, 9, dtype: ScalarType.Int64)));
        Refused("Int64", x, t, whole);
        using var none = Conditioning.None(2);
        Assert.Throws<KeyNotFoundException>(() => network.Predict(x, t, none, Evaluation.Plain(2)));
    }

    [Theory]
    [InlineData("obs_causal", "\"n_head\": 3", "\"n_head\": 5", "24 cannot be divided among 5 heads")]
    [InlineData("obs_causal", "\"output_dim\": 7", "\"output_dim\": 6", "output_dim = 6; supported is 7")]
    [InlineData("obs_causal", "\"n_layer\": 2", "\"n_layer\": 2, \"rope\": true", "does not know: rope = true")]
    [InlineData("obs_causal", "\"n_layer\": 2", "\"n_layer\": 900", "the file holds")]
    [InlineData("obs_causal", "\"n_layer\": 2", "\"n_layer\": 2, \"time_as_cond\": false", "need time_as_cond")]
    [InlineData("obs_causal", "\"n_layer\": 2", "\"n_layer\": 2, \"prediction_type\": \"v_prediction\"", "prediction_type = v_prediction")]
    [InlineData("obs_causal", "\"n_layer\": 2", "\"n_layer\": 2, \"beta_schedule\": \"linear\", \"beta_end\": 1e-9", "make no noise levels")]
    [InlineData("obs_causal", "\"horizon\": 8", "\"horizon\": 65536", "the file holds")]
    [InlineData("obs_causal", "\"n_emb\": 24", "\"n_emb\": 27", "27 has no sines and cosines")]
    [InlineData("encoder_only", "\"time_as_cond\": false", "\"time_as_cond\": true", "missing")]
    [InlineData("obs_encoder", "\"n_cond_layers\": 2", "\"n_cond_layers\": 0", "unexpected")]
    public void AConfigurationThatIsNotTheFilesIsRefusedByName(string form, string part, string replacement, string expected)
    {
        var path = Changed(form, part, replacement);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Networks.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoiseAndPredictionComeFromTheConfigurationOrTheOptions()
    {
        using var usual = Form("obs_causal");
        Assert.Equal((100, PredictionType.Epsilon), (usual.Info.Noise!.TrainSteps, usual.Info.Prediction));
        using var told = Networks.Load(Changed("obs_causal", "\"n_layer\": 2", "\"n_layer\": 2, \"num_train_timesteps\": 50, \"beta_schedule\": \"linear\", \"prediction_type\": \"sample\""));
        Assert.Equal((50, PredictionType.Sample), (told.Info.Noise!.TrainSteps, told.Info.Prediction));
        using var chosen = Networks.Load(Fixture("policy_transformer_obs_causal"), new() { Prediction = PredictionType.Velocity, Noise = NoiseTable.Make(BetaSchedule.Linear) });
        Assert.Equal((1000, PredictionType.Velocity), (chosen.Info.Noise!.TrainSteps, chosen.Info.Prediction));
    }

    [Fact]
    public void BuffersOfATrainingStateAreNoSurprise()
    {
        var path = PathOf("state.safetensors");
        Golden.Copy("models/policy_transformer_obs_causal", path, t =>
        {
            t["weights.mask"] = zeros(8, 8);
            t["weights.memory_mask"] = zeros(8, 4);
            t["weights._dummy_variable"] = zeros(0);
        });
        using var network = Networks.Load(path);
        Assert.Equal([7L, 8], network.Info.SampleSize);
    }

    private static IDenoiser Form(string form, ScalarType dtype = ScalarType.Float32) => Networks.Load(Fixture($"policy_transformer_{form}"), new() { DType = dtype, Device = TestDevice.Current });

    private static Conditioning Observed(SafetensorsFile file) =>
        file.Tensors.ContainsKey("input.cond") ? new(2, (ConditionNames.Observation, file.Read("input.cond").ToTestDevice())) : Conditioning.None(2);

    private static (Tensor X, Tensor T, Conditioning Condition) Inputs(IDenoiser network, int rows)
    {
        var condition = network.Info.Conditions is [var spec] ? new Conditioning(rows, (spec.Name, Normal(2, [rows, .. spec.Size]))) : Conditioning.None(rows);
        return (Normal(1, rows, 7, 8), tensor([.. Enumerable.Range(0, rows).Select(i => (float)(90 - (30 * i)))]).ToTestDevice(), condition);
    }

    private string Changed(string form, string part, string replacement)
    {
        var path = PathOf($"{Guid.NewGuid():N}.safetensors");
        Golden.Copy($"models/policy_transformer_{form}", path, metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });
        return path;
    }
}
