using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>One call of a network, and what it must return.</summary>
/// <param name="Latents">[rows, channels, height, width].</param>
/// <param name="Time">float64 [rows].</param>
/// <param name="Conditions">By name.</param>
/// <param name="Reference">The reference's output.</param>
/// <param name="Reference64">The same in double precision.</param>
internal sealed record NetworkCase(Tensor Latents, Tensor Time, IReadOnlyList<(string Name, Tensor Tensor)> Conditions, Tensor Reference, Tensor Reference64)
{
    public int Rows => (int)Latents.size(0);

    /// <summary>What is given to the network, as copies that it owns.</summary>
    public Conditioning Condition() => new(Rows, [.. Conditions.Select(c => (c.Name, c.Tensor.clone()))]);

    public Tensor Run(IDenoiser network, Evaluation? evaluation = null)
    {
        using var condition = Condition();
        return network.Predict(Latents.is_floating_point() ? Latents.to(network.Info.DType) : Latents, Time, condition, evaluation ?? Evaluation.Plain(Rows));
    }

    /// <summary>One row alone.</summary>
    public NetworkCase Row(int index) => this with
    {
        Latents = Latents.narrow(0, index, 1),
        Time = Time.narrow(0, index, 1),
        Conditions = [.. Conditions.Select(c => (c.Name, c.Tensor.narrow(0, index, 1)))],
    };

    public NetworkCase Without(string name) => this with { Conditions = [.. Conditions.Where(c => c.Name != name)] };

    public NetworkCase With(string name, Tensor tensor) => this with { Conditions = [.. Conditions.Where(c => c.Name != name), (name, tensor)] };
}
