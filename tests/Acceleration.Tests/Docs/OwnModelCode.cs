using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/your-own-model.md and docs/your-own-unet.md that is not the networks themselves.</summary>
internal static class OwnModelCode
{
    public static SamplingResult Wrapped(nn.Module<Tensor, Tensor, Tensor> module)
    {
        using var denoiser = Denoiser.From(
            new DenoiserInfo { Name = "mine", Prediction = PredictionType.Flow, SampleSize = [4, 64, 64] },
            (latents, timestep, condition) => module.call(latents, timestep));
        using var condition = Conditioning.None(1);
        return Sampler.For(denoiser).FlowEuler(steps: 3).Build().Generate(new() { Condition = condition });
    }

    public static SamplingResult WrappedWithSites(nn.Module<Tensor, Tensor, Tensor> module, IStrategy strategy)
    {
        var sites = new SiteMap();
        var block = sites.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving, default);
        using var denoiser = Denoiser.From(
            new DenoiserInfo { Name = "mine", Prediction = PredictionType.Flow, SampleSize = [4, 64, 64], Sites = sites },
            (latents, timestep, condition, evaluation) => evaluation.At(block, latents, (Module: module, Time: timestep), static (h, s, e) => s.Module.call(h.Main, e.ForRows(s.Time))).Main);
        using var condition = Conditioning.None(1);
        return Sampler.For(denoiser).FlowEuler(steps: 3).Use(strategy).Build().Generate(new() { Condition = condition });
    }

    public static SamplingResult WholeNetwork()
    {
        using var network = new TinyMixer();
        var sampler = Sampler.For(network).FlowEuler(steps: 20).Use(new IntervalForecast(4)).Build();
        using var condition = Conditioning.None(1);
        return sampler.Generate(new() { Condition = condition });
    }

    public static void Check(IDenoiser network)
    {
        NetworkCheck.Run(network).ThrowIfFailed();
    }

    public static async Task<Trace> UShapedAsync()
    {
        using var network = new TinyUViT();
        var sampler = Sampler.For(network).FlowEuler(steps: 20).Guidance(scale: 2).Use(new DeepCache(3)).Use(new ToMeSD(0.5)).Build();
        using var result = await sampler.GenerateAsync(samples: 2);
        return result.Trace;
    }

    public static async Task<IReadOnlyList<long>> CutAsync()
    {
        using var network = new TinyUNet();
        var sampler = Sampler.For(network).Ddim(steps: 20).Use(new Cached(Where.Cut(0), new Interval(3), How.LastValue)).Build();
        using var result = await sampler.GenerateAsync(samples: 4, size: [1, 24, 24]);
        return result.Latents.shape;
    }
}
