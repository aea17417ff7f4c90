namespace Acceleration.Models;

/// <summary>All pipelines. A new one is one more line.</summary>
public static class PipelineForms
{
    /// <summary>The forms.</summary>
    public static IReadOnlyList<PipelineForm> All { get; } =
    [
        new UnconditionalForm(),
        new DiTForm(),
        new StableDiffusionForm(),
        new StableDiffusionXLForm(),
        new PixArtForm(),
        new StableDiffusion3Form(),
        new FluxForm(),
        new FluxFillForm(),
        new FluxControlForm(),
        new WanForm(),
        new LatteForm(),
        new CogVideoXForm(),
    ];

    /// <summary>The form of a pipeline; null where it is none of these.</summary>
    public static PipelineForm? Find(string name) => All.FirstOrDefault(f => f.Names.Contains(name));
}
