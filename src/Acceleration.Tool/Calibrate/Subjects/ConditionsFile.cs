using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Conditions of a network in a .safetensors file: a tensor [samples, ...] for each, by its name, and with <c>negative.</c> before it of those that guidance leads away from.</summary>
internal static class ConditionsFile
{
    private const string Sign = "negative.";

    /// <returns>The conditions, and the negative ones; null where the file has none.</returns>
    /// <exception cref="ToolException">They are not what the network reads.</exception>
    /// <exception cref="CheckpointException">The file is missing or malformed.</exception>
    public static (Conditioning Condition, Conditioning? Negative) Read(string path, DenoiserInfo network)
    {
        using var file = SafetensorsFile.Open(path);
        var condition = Read(path, file, network, "");
        try
        {
            var negative = file.Names.Any(n => n.StartsWith(Sign, StringComparison.Ordinal)) ? Read(path, file, network, Sign) : null;
            if (negative is not null && negative.Rows != 1 && negative.Rows != condition.Rows)
            {
                negative.Dispose();
                throw new ToolException($"{ConditionsOption.Name} '{path}': negative conditions have a row for each of the {condition.Rows} samples, or one for all; there are {negative.Rows}.");
            }

            return (condition, negative);
        }
        catch
        {
            condition.Dispose();
            throw;
        }
    }

    private static Conditioning Read(string path, SafetensorsFile file, DenoiserInfo network, string sign)
    {
        using var scope = NewDisposeScope();
        ConditionSpec[] known = [.. network.Conditions.Where(c => file.Tensors.ContainsKey(sign + c.Name))];
        if (network.Conditions.FirstOrDefault(c => !c.IsOptional && !known.Contains(c)) is { } missing)
        {
            throw new ToolException($"--conditions '{path}': {network.Name} reads {missing}, which is not there{(sign.Length > 0 ? $" as '{sign}{missing.Name}'" : "")}. There {(file.Names.Count == 1 ? "is" : "are")} {PlanShort(file.Names)}.");
        }

        if (known.Length == 0)
        {
            throw new ToolException($"--conditions '{path}': {network.Name} reads {(network.Conditions.Count == 0 ? "no conditions that are known" : string.Join(", ", network.Conditions))}; there {(file.Names.Count == 1 ? "is" : "are")} {PlanShort(file.Names)}.");
        }

        (string Name, Tensor Tensor)[] tensors = [.. known.Select(c => (c.Name, file.ReadCopy(sign + c.Name)))];
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
