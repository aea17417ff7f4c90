namespace Acceleration.Models;

/// <summary>Loads components with low-rank changes merged in, and sees to it that every change finds its matrix.</summary>
internal sealed class LoraComponents(IModelSource source, IReadOnlyList<Lora> loras)
{
    private const int MostListed = 10;

    private readonly HashSet<(LoraFile, string)> _used = [];

    /// <summary>Loads a component.</summary>
    public T Load<T>(string component, Func<ICheckpoint, T> load)
    {
        using var file = source.Open(component);
        return loras.Count == 0 ? load(file) : load(new LoraCheckpoint(file, component, loras, Original(component, file), _used));
    }

    /// <exception cref="CheckpointException">A change found no matrix: the file is for another model.</exception>
    public void RequireAllUsed()
    {
        foreach (var lora in loras)
        {
            string[] left = [.. lora.File.Modules.Where(m => !_used.Contains((lora.File, m)))];
            if (left.Length > 0)
            {
                throw new CheckpointException(
                    lora.File.Path, null, $"{left.Length} of its {lora.File.Modules.Count} changes are of modules that {source.Name} does not have: {string.Join(", ", left.Take(MostListed))}{(left.Length > MostListed ? ", ..." : "")}.");
            }
        }
    }

    /// <summary>Kohya's scripts name SDXL's modules as the original release does.</summary>
    private static ModuleNames? Original(string component, ICheckpoint file)
    {
        if (component != "unet")
        {
            return null;
        }

        var levels = BlockCount.Of(file, "down_blocks.");
        var layers = BlockCount.Of(file, "down_blocks.0.resnets.");
        bool[] attends = [.. Enumerable.Range(0, levels).Select(i => BlockCount.Of(file, $"down_blocks.{i}.attentions.") > 0)];
        return levels == 0 ? null : new(LatentDiffusionUNet.Pairs(attends, layers));
    }
}
