namespace Acceleration.Models;

/// <summary>What lies in the files of a whole model; read from their headers, at no cost whatever its size.</summary>
/// <param name="Name">What people call the model.</param>
/// <param name="Pipeline">The pipeline's class, for example <c>StableDiffusionPipeline</c>; it may be one that is not supported.</param>
/// <param name="Components">Its components.</param>
public sealed record ModelContents(string Name, string Pipeline, IReadOnlyList<ModelComponent> Components)
{
    /// <summary>Looks into a model.</summary>
    /// <param name="path">A folder with a model_index.json, or a .safetensors file in the layout of an original release.</param>
    /// <param name="variant">As <see cref="PipelineOptions.Variant"/>.</param>
    /// <exception cref="CheckpointException">It is neither, or its index is malformed. What is wrong with a component is told by <see cref="ModelComponent.Problem"/>.</exception>
    public static ModelContents Of(string path, string? variant = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = PipelineLoader.Open(path, new() { Variant = variant });
        return new(source.Name, source.Pipeline, [.. source.Components.Select(c => ModelComponent.Of(source, c.Name, c.ClassName))]);
    }
}
