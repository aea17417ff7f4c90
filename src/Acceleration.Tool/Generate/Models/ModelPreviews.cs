using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Pictures of what the network predicts on the way, as the model's autoencoder makes them.</summary>
internal sealed class ModelPreviews(Pipeline pipeline, ModelSettings settings)
{
    private const int Columns = 10;
    private readonly List<string> _names = [];

    /// <summary>Files that were written.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Those that an earlier run left.</summary>
    public void TakeUp(IEnumerable<string> names) => _names.AddRange(names);

    /// <summary>Those of the first steps of a batch, which a killed run had taken.</summary>
    public void TakeUp(int first, int steps) => _names.AddRange(Enumerable.Range(1, steps).Select(step => Name(first, step)).Where(n => !_names.Contains(n) && File.Exists(Path.Combine(settings.Folder, n))));

    public void Write(int first, int step, LatentsPreview preview)
    {
        var name = Name(first, step);
        PngWriter.Write(Path.Combine(settings.Folder, name), Grid(preview));
        if (!_names.Contains(name))
        {
            _names.Add(name);
        }
    }

    /// <summary>Pictures side by side; of a film a row.</summary>
    private PictureGrid Grid(LatentsPreview preview)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var latents = tensor(preview.Values, [.. preview.Shape]);
        var columns = latents.ndim == 5 ? (int)latents.size(2) : Columns;
        if (pipeline.Autoencoder is not null || latents.size(1) is 1 or 3)
        {
            var shown = pipeline.Decode(latents, pipeline.SizeOf(settings.Call));
            return PictureGrid.Of(PictureSet.Of(Frames(shown)), shown.ndim == 5 ? (int)shown.size(2) : columns);
        }

        var frames = Frames(latents).contiguous();
        return PictureGrid.Of(LatentPictures.Of(frames.data<float>().ToArray(), frames.shape), columns);
    }

    private static Tensor Frames(Tensor x) => x.ndim == 5 ? x.transpose(1, 2).flatten(0, 1) : x;

    private static string Name(int first, int step) => Path.Combine("previews", $"{first:000}-step{step:000}.png");
}
