namespace Acceleration.Onnx;

/// <summary>Which input of a model is what: by the caller's table, else by name, type and rank, else by what only one of the rest can be.</summary>
internal static class InputRecognition
{
    /// <exception cref="OnnxException">An input of the table does not exist, one stays unrecognised, two are the same, or there are no latents or no timestep.</exception>
    public static IReadOnlyList<OnnxInput> Recognise(string file, IReadOnlyList<Port> ports, IReadOnlyDictionary<string, OnnxInput> table)
    {
        foreach (var name in table.Keys.Where(n => !ports.Any(p => p.Name == n)))
        {
            throw new OnnxException(file, $"{nameof(OnnxOptions)}.{nameof(OnnxOptions.Inputs)} names '{name}', which is no input of it. {Wanted(ports)}");
        }

        var found = new OnnxInput?[ports.Count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = table.GetValueOrDefault(ports[i].Name) ?? InputForm.All.FirstOrDefault(f => f.Names.Contains(ports[i].Name.ToLowerInvariant()) && f.Fits(ports[i]))?.What;
        }

        foreach (var form in InputForm.ByFormAlone.Where(f => !found.Contains(f.What)))
        {
            int[] rest = [.. Enumerable.Range(0, found.Length).Where(i => found[i] is null && form.Fits(ports[i]))];
            if (rest is [var only])
            {
                found[only] = form.What;
            }
        }

        Require(file, ports, found);
        return found!;
    }

    private static void Require(string file, IReadOnlyList<Port> ports, OnnxInput?[] found)
    {
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] is null)
            {
                throw new OnnxException(file, $"what the input '{ports[i].Name}' is for cannot be told. Say it in {nameof(OnnxOptions)}.{nameof(OnnxOptions.Inputs)}, for example {{ [\"{ports[i].Name}\"] = {nameof(OnnxInput)}.Condition(\"{ports[i].Name}\") }}. {Wanted(ports)}");
            }
        }

        var twice = found.Where(f => f is not OnnxInput.ConstantInput).GroupBy(f => f).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new OnnxException(file, $"two inputs are the {twice}: {string.Join(", ", ports.Where((_, i) => found[i] == twice).Select(p => p.Name))}. Say what each is in {nameof(OnnxOptions)}.{nameof(OnnxOptions.Inputs)}. {Wanted(ports)}");
        }

        if (found.Count(f => f is OnnxInput.LatentsInput) != 1)
        {
            throw new OnnxException(file, $"it has {(found.Any(f => f is OnnxInput.LatentsInput) ? "several inputs" : "no input")} for latents, [rows, channels, height, width]. {Wanted(ports)}");
        }
    }

    private static string Wanted(IReadOnlyList<Port> ports) => $"It takes {string.Join("; ", ports)}.";
}
