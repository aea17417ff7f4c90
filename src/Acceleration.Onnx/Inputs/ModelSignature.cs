using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>What a model's inputs are given, in its order, and how many rows a call of it takes.</summary>
/// <param name="ports">Its inputs.</param>
/// <param name="inputs">What each is given.</param>
/// <param name="timeScale">What the timestep is multiplied with.</param>
/// <param name="device">Where the model is given its tensors.</param>
internal sealed class ModelSignature(IReadOnlyList<Port> ports, IReadOnlyList<OnnxInput> inputs, double timeScale, Device device)
{
    private readonly int _latents = Index<OnnxInput.LatentsInput>(inputs);
    private readonly int _timestep = Index<OnnxInput.TimestepInput>(inputs);

    public IReadOnlyList<(string Form, string What)> Describe() => [.. ports.Zip(inputs, (p, i) => ($"{p}", $"{i}"))];

    public IEnumerable<string> Names => ports.Select(p => p.Name);

    public Port Latents => ports[_latents];

    public bool IsPacked => inputs[_latents] is OnnxInput.LatentsInput { IsPacked: true };

    /// <summary>Rows of every call where the model was exported for one number of them; 0 for any.</summary>
    public int FixedRows => (int)Math.Max(0, Latents.Size[0]);

    /// <summary>Whether one time serves all rows of a call.</summary>
    public bool HasOneTime => _timestep >= 0 && (ports[_timestep].Rank == 0 || (ports[_timestep].Size[0] == 1 && FixedRows != 1));

    public Port? PortOf(OnnxInput what)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] == what)
            {
                return ports[i];
            }
        }

        return null;
    }

    public IEnumerable<(string Name, Port Port)> Conditions()
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is OnnxInput.ConditionInput condition)
            {
                yield return (condition.Name, ports[i]);
            }
        }
    }

    /// <summary>Tensors for a call, in order; in the caller's scope.</summary>
    /// <param name="latents">[rows, channels, ...].</param>
    /// <param name="timestep">[rows] or [1].</param>
    /// <param name="condition">Conditions of these rows, or of one row for all.</param>
    public Tensor[] Call(Tensor latents, Tensor timestep, Conditioning condition)
    {
        var given = new Tensor[ports.Count];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = For(ports[i], inputs[i], latents, timestep, condition);
        }

        return given;
    }

    private static int Index<T>(IReadOnlyList<OnnxInput> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is T)
            {
                return i;
            }
        }

        return -1;
    }

    private Tensor For(Port port, OnnxInput input, Tensor latents, Tensor timestep, Conditioning condition)
    {
        var rows = latents.size(0);
        return input switch
        {
            OnnxInput.LatentsInput { IsPacked: true } => Handed(PackedForm.Pack(latents), port),
            OnnxInput.LatentsInput => Handed(latents, port),
            OnnxInput.TimestepInput => Handed(Time(port, timestep, rows), port),
            OnnxInput.ConditionInput(var name) => Handed(Condition(port, condition[name], rows), port),
            OnnxInput.ConstantInput(var value) => KeptScalars.Full([.. port.Size.Select((s, i) => s > 0 ? s : i == 0 ? rows : 1)], value, port.DType, device),
            OnnxInput.ImagePlacesInput => Handed(Rows(port, PackedForm.Places(latents.size(2), latents.size(3)), rows), port),
            OnnxInput.TextPlacesInput => Handed(Rows(port, zeros(condition[ConditionNames.Text].size(1), 3), rows), port),
            _ => throw new InvalidOperationException($"There is nothing to give to '{port.Name}'."),
        };
    }

    private Tensor Time(Port port, Tensor timestep, long rows)
    {
        var time = timeScale == 1 ? timestep : timestep.Times(timeScale);
        if (!port.IsFloat && is_floating_point(time.dtype))
        {
            // A conversion would cut fractions off, half a step too low on average.
            time = time.round();
        }

        return port.Rank == 0 ? time.narrow(0, 0, 1).view([])
            : HasOneTime ? time.narrow(0, 0, 1)
            : time.size(0) == rows ? time : time.expand(rows);
    }

    private static Tensor Condition(Port port, Tensor given, long rows)
    {
        if (given.size(0) == rows)
        {
            return given;
        }

        long[] size = [rows, .. given.shape[1..]];
        return port.Rank == 0 ? given.view([]) : given.expand(size);
    }

    private static Tensor Rows(Port port, Tensor places, long rows) => port.Rank == 3 ? places.unsqueeze(0).expand(rows, -1, -1) : places;

    /// <summary>As the port wants it: a copy only where type, device or order in memory differ.</summary>
    private Tensor Handed(Tensor x, Port port) => x.to(port.DType, device).contiguous();
}
