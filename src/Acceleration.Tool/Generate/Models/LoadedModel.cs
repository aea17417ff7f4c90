using System.Diagnostics;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>A whole model with its low-rank changes, as options ask for it.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly List<LoraFile> _files = [];

    /// <exception cref="ToolException">An option is wrong.</exception>
    /// <exception cref="CheckpointException">A file is missing or malformed.</exception>
    public LoadedModel(ModelSettings settings)
    {
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var loras = settings.Loras.Select(text => LoraArgument.Open(text, _files)).ToArray();
            Pipeline = Pipeline.Load(settings.Model, settings.Options with { Loras = loras });
            Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
        catch
        {
            _files.ForEach(f => f.Dispose());
            throw;
        }
    }

    public Pipeline Pipeline { get; }

    /// <summary>Seconds of loading.</summary>
    public double Seconds { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        _files.ForEach(f => f.Dispose());
    }
}
