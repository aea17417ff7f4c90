using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A whole guided run of a DiT: network, scheduler and guidance together.</summary>
internal sealed class DiTPipelineCheck : ICheck
{
    /// <summary>The label that the pipeline uses for "no class", whatever the network.</summary>
    private const long NullClass = 1000;

    public string Kind => "pipelines";

    public string Knows => "DiTPipeline";

    public bool Fits(GoldenFile file) => file.TextOrNull("pipeline") == "DiTPipeline";

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var call = file.Config("call");
        var (labels, scale, steps) = (call.Get<long[]>("class_labels"), call.Get("guidance_scale", 4.0), call.Get("num_inference_steps", 50));
        call.Ignore("output_type");
        call.RequireAllRead();
        var scheduler = StoredScheduler.Of(
            file.Text("scheduler_class"), file.Config("scheduler_config"), file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), steps);
        var weights = file.Config("weights");
        var transformer = weights.Get("transformer", "in this file");
        var decoder = weights.Get<string?>("vae", null);
        weights.RequireAllRead();
        using var network = DiT.Load(transformer == "in this file" ? file.Path : file.Neighbour(transformer));

        var tolerance = file.Number("recommended_rtol_of_max");
        var (noise, outputs, samples) = (file.Read("input.noise.0"), file.Read("output.step_model_output"), file.Read("output.step_sample"));
        found.Equal("timesteps", "", scheduler.Grid.Points.Select(p => p.Time), file.Numbers("output.timesteps"));
        if (scheduler.Solver is Ddim { Eta: > 0 })
        {
            throw new NotKnownException("pipelines that draw noise in their steps are not known yet.");
        }

        // A step's sample is the one it starts from. The pipeline runs the conditional and the unconditional half of its batch on the same latents.
        var copies = scale > 1 ? 2 : 1;
        Tensor Copies(Tensor x) => cat([.. Enumerable.Repeat(x, copies)], 0);
        var solver = new WatchedSolver(scheduler.Solver, (k, now) => found.WithinOfMax("step_model_output", $"step {k}", Copies(now.Output), outputs[k], tolerance));
        using var condition = Conditioning.Labels(labels);
        using var none = Conditioning.Labels([.. Enumerable.Repeat(NullClass, labels.Length)]);
        using var session = Sampler.For(network).Solve(solver, scheduler.Grid, scheduler.Clip).Guidance(scale > 1 ? scale : 1).Build()
            .Start(new() { Condition = condition, Negative = copies == 2 ? none : null, Latents = noise * scheduler.Grid.InitialNoiseScale });
        for (var k = 0; k < scheduler.Grid.Steps; k++)
        {
            found.WithinOfMax("step_sample", $"step {k}", Copies(session.Latents), samples[k], tolerance);
            session.Advance(cancellation);
        }

        found.WithinOfMax("final_sample", "", Copies(session.Latents), file.Read("output.final_sample"), tolerance);
        if (file.Has("output.result"))
        {
            var picture = decoder is null
                ? throw file.Wrong("its metadata key 'weights' names no vae for output.result.")
                : Pictures(file.Neighbour(decoder), session.Latents);
            found.WithinOfMax("result", "", picture, file.Read("output.result"), tolerance);
        }
    }

    /// <summary>[samples, height, width, channels] in [0, 1].</summary>
    private static Tensor Pictures(string decoder, Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var autoencoder = Autoencoders.Load(decoder);
        return ((autoencoder.Decode(latents) / 2) + 0.5).clamp(0, 1).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }
}
