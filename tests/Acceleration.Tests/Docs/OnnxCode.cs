using Acceleration.Onnx;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/onnx.md.</summary>
internal static class OnnxCode
{
    public static async Task RunAsync()
    {
        await WholeAsync();
        await SplitAsync();
        using var named = Named();
    }

    private static async Task WholeAsync()
    {
        using var network = OnnxDenoiser.Load("fashion-dit");

        var sampler = Sampler.For(network)
            .Ddim(steps: 50)
            .Guidance(scale: 2)
            .Use(new IntervalForecast(3, Order: 2))
            .Build();

        using var result = await sampler.GenerateAsync(labels: [3, 7], seed: 1);
        Console.WriteLine($"{result.Trace.Evaluations:0} network evaluations instead of {result.Trace.FullEvaluations:0}");
    }

    private static async Task SplitAsync()
    {
        var found = OnnxSplitter.Split("fashion-dit", "fashion-dit-split");
        using var network = OnnxDenoiser.Load(found.Manifest);

        var sampler = Sampler.For(network).Ddim(50).Guidance(2).Use(new TaylorSeer(3, 2) { Where = Where.Chain }).Build();
        using var result = await sampler.GenerateAsync(labels: [3], seed: 1);
        Console.WriteLine($"{found.Blocks} blocks, {found.Parts} parts, {result.Trace.ArithmeticGain:0.0} times less arithmetic");
    }

    private static OnnxDenoiser Named()
    {
        var network = OnnxDenoiser.Load("exported/model.onnx", new()
        {
            Prediction = PredictionType.Epsilon,
            Inputs = new Dictionary<string, OnnxInput> { ["kind"] = OnnxInput.Condition("labels") },
        });
        return network;
    }
}
