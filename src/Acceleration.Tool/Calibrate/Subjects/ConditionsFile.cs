using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Conditions of a network in a .safetensors file: a tensor [samples, ...] for each, by its name.</summary>
internal static class ConditionsFile
{
    /// <exception cref="ToolException">They are not what the network reads.</exception>
    /// <exception cref="CheckpointException">The file is missing or malformed.</exception>
    public static Conditioning Read(string path, DenoiserInfo network)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        ConditionSpec[] known = [.. network.Conditions.Where(c => file.Tensors.ContainsKey(c.Name))];
        if (network.Conditions.FirstOrDefault(c => !c.IsOptional && !known.Contains(c)) is { } missing)
        {
            throw new ToolException($"--conditions '{path}': {network.Name} reads {missing}, which is not there. There {(file.Names.Count == 1 ? "is" : "are")} {PlanShort(file.Names)}.");
        }

        if (known.Length == 0)
        {
            throw new ToolException($"--conditions '{path}': {network.Name} reads {(network.Conditions.Count == 0 ? "no conditions that are known" : string.Join(", ", network.Conditions))}; there {(file.Names.Count == 1 ? "is" : "are")} {PlanShort(file.Names)}.");
        }

        (string Name, Tensor Tensor)[] tensors = [.. known.Select(c => (c.Name, file.ReadCopy(c.Name)))];
        if (known.Zip(tensors).FirstOrDefault(p => !p.First.Fits(p.Second.Tensor)) is { First: { } spec } wrong)
        {
            throw new ToolException($"--conditions '{path}': {spec} is {wrong.Second.Tensor.dtype} [{string.Join(", ", wrong.Second.Tensor.shape)}].");
        }

        var rows = tensors.Max(t => t.Tensor.size(0));
        return tensors.All(t => t.Tensor.size(0) == rows)
            ? new((int)rows, tensors)
            : throw new ToolException($"--conditions '{path}': conditions have as many rows, one for each sample; there {string.Join(", ", tensors.Select(t => $"'{t.Name}' has {t.Tensor.size(0)}"))}.");
    }

    private static string PlanShort(IEnumerable<string> names) => ErrorLine.Single(string.Join(", ", names.Take(12)));
}
