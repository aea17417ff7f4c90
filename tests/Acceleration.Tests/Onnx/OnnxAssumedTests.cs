using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>What is assumed of a model holds where nothing says it, and there alone.</summary>
public sealed class OnnxAssumedTests : OnnxTest
{
    private static readonly NoiseTable Linear = NoiseTable.Make(BetaSchedule.Linear);
    private static readonly OnnxOptions Assuming = new() { AssumedPrediction = PredictionType.Velocity, AssumedNoise = Linear };

    [Theory]
    [InlineData("")]
    [InlineData("scheduler")]
    [InlineData("../scheduler")]
    public void TheModelsSchedulerWins(string folder)
    {
        Said(folder, "{\"_class_name\": \"DDIMScheduler\", \"prediction_type\": \"epsilon\", \"beta_schedule\": \"squaredcos_cap_v2\", \"num_train_timesteps\": 500}");
        using var network = OnnxDenoiser.Load(At("export/transformer"), Assuming);
        Assert.Equal((PredictionType.Epsilon, 500), (network.Info.Prediction, network.Info.Noise!.TrainSteps));
        using var told = OnnxDenoiser.Load(At("export/transformer"), Assuming with { Noise = Linear, Prediction = PredictionType.Sample });
        Assert.Equal((PredictionType.Sample, 1000), (told.Info.Prediction, told.Info.Noise!.TrainSteps));
    }

    [Fact]
    public void AFlowHasNoTable()
    {
        Said("", "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}");
        using var network = OnnxDenoiser.Load(At("export/transformer"), Assuming);
        Assert.Equal((PredictionType.Flow, null), (network.Info.Prediction, network.Info.Noise));
    }

    [Fact]
    public void WhatNothingSaysIsAssumed()
    {
        Said("", null);
        using var network = OnnxDenoiser.Load(At("export/transformer"), Assuming);
        Assert.Equal((PredictionType.Velocity, Linear.TrainSteps), (network.Info.Prediction, network.Info.Noise!.TrainSteps));
        Assert.Contains("OnnxOptions.Prediction", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("export/transformer"), Assuming with { AssumedPrediction = null })).Message, StringComparison.Ordinal);
        Assert.Contains("OnnxOptions.Noise", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("export/transformer"), Assuming with { AssumedNoise = null })).Message, StringComparison.Ordinal);
    }

    private void Said(string folder, string? scheduler)
    {
        OnnxModel.Changed(OnnxModel.Dit, At("export/transformer"), _ => { });
        File.Delete(At("export/transformer/scheduler_config.json"));
        if (scheduler is not null)
        {
            Directory.CreateDirectory(At($"export/transformer/{folder}"));
            File.WriteAllText(At($"export/transformer/{folder}/scheduler_config.json"), scheduler);
        }
    }
}
