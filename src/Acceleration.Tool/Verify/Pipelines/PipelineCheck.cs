using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Whole runs of recorded pipelines: network, scheduler, guidance and what lies around them together.</summary>
internal sealed class PipelineCheck : ICheck
{
    public string Kind => "pipelines";

    public string Knows => string.Join(", ", PipelineForms.All.SelectMany(f => f.Names));

    public bool Fits(GoldenFile file) => file.TextOrNull("pipeline") is { } name && PipelineForms.Find(name) is not null;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var form = PipelineForms.Find(file.Text("pipeline"))!;
        var call = StoredCall.Of(file.Config("call"), form);
        var scheduler = StoredScheduler.Made(file.Text("scheduler_class"), file.Config("scheduler_config"));
        var weights = file.Config("weights");
        var (place, encoder) = (weights.Get<string>(form.Network), weights.Get<string?>("vae", null));
        weights.RequireAllRead();
        using var network = Networks.Load(place == "in this file" ? file.Path : file.Neighbour(place), new() { Prediction = scheduler.Prediction, Noise = scheduler.Noise });
        using var autoencoder = encoder is null ? null : Autoencoders.Load(file.Neighbour(encoder));
        var parts = new PipelineParts(file.Text("pipeline"), network.Info, scheduler, autoencoder?.Info.Factor ?? form.UsualScale, autoencoder?.Info.FrameFactor ?? form.UsualFrameScale) { Autoencoder = autoencoder?.Info };
        using var run = new PipelineRun(file, form, call, parts, network, autoencoder, found);
        using var latents = run.Compare(cancellation);
        if (file.Has("output.result"))
        {
            var result = autoencoder is not null && call.Decodes ? Pictures(autoencoder.Decode(latents))
                : form is UnconditionalForm ? Pictures(latents)
                : run.Stored(latents);
            found.WithinOfMax("result", "", result, file.Read("output.result"), file.Number("recommended_rtol_of_max"));
        }
    }

    /// <summary>[samples, (frames,) height, width, channels] in [0, 1].</summary>
    private static Tensor Pictures(Tensor x) => ((x / 2) + 0.5).clamp(0, 1).movedim([1L], [-1L]).contiguous();
}
