using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A whole UNet whose blocks merge tokens, each first token of a cell being the destination.</summary>
internal sealed class ToMeSDNetworkCheck : ICheck
{
    private const string Class = "UNet2DConditionModel";

    public string Kind => "tokens";

    public string Knows => Class;

    public bool Fits(GoldenFile file) => file.TextOrNull("model_class") == Class;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var compare = new TokenComparison(file, found);
        using var network = UNet.Load(file.Path);
        using var inputs = NewDisposeScope();
        var (x, time, text) = (file.Read("input.sample"), file.Read("input.timestep"), file.Read("input.encoder_hidden_states"));
        compare.Near("output.baseline", () => Predict(network, x, time, text, null));
        var number = 0;
        compare.EachCase(json => compare.Near($"output.case{number++}", () => Predict(network, x, time, text, Merging(json))), cancellation);
    }

    private static ToMeSD Merging(JsonElement json)
    {
        var settings = new StoredConfig("case", json);
        MergedParts Part(string key, bool otherwise, MergedParts part) => settings.Get(key, otherwise) ? part : 0;
        var merging = new ToMeSD(settings.Get("ratio", 0.5))
        {
            Random = false,
            StrideX = settings.Get("sx", 2),
            StrideY = settings.Get("sy", 2),
            MaxDownsample = settings.Get("max_downsample", 1),
            Parts = Part("merge_attn", true, MergedParts.Attention) | Part("merge_crossattn", false, MergedParts.CrossAttention) | Part("merge_mlp", false, MergedParts.FeedForward),
        };
        settings.RequireAllRead();
        return merging;
    }

    /// <summary>One step of a sampler, so that the strategy works as it does in one.</summary>
    private static Tensor Predict(UNet network, Tensor x, Tensor time, Tensor text, ToMeSD? merging)
    {
        using var scope = NewDisposeScope();
        var rows = (int)x.size(0);
        var kept = zeros_like(x);
        using var timed = Denoiser.From(network.Info, (z, _, condition, e) => network.Predict(z, time.to(ScalarType.Float32), condition, e));
        using var condition = new Conditioning(rows, (ConditionNames.Text, text.alias()));
        var solver = new RecordedSolver(x.unsqueeze(0), (_, now) => kept.copy_(now.Output));
        var sampler = Sampler.For(timed).Solve(solver, solver.Grid);
        using var result = (merging is null ? sampler : sampler.Use(merging)).Build().Generate(new() { Condition = condition, Latents = x, Size = x.shape[1..] });
        return kept.MoveToOuterDisposeScope();
    }
}
