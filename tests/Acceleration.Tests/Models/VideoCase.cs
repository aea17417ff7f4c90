using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>One call of a video network, and what it must return.</summary>
/// <param name="Latents">[rows, channels, frames, height, width].</param>
/// <param name="Time">[rows], or [rows, tokens].</param>
/// <param name="Conditions">By name.</param>
/// <param name="Reference">The reference's output.</param>
/// <param name="Reference64">The same in double precision.</param>
internal sealed record VideoCase(Tensor Latents, Tensor Time, IReadOnlyList<(string Name, Tensor Tensor)> Conditions, Tensor Reference, Tensor Reference64)
{
    public int Rows => (int)Latents.size(0);

    /// <summary>What is given to the network, as copies that it owns.</summary>
    public Conditioning Condition() => new(Rows, [.. Conditions.Select(c => (c.Name, c.Tensor.clone()))]);

    public Tensor Run(IDenoiser network, Evaluation? evaluation = null)
    {
        using var condition = Condition();
        return network.Predict(Latents.to(network.Info.DType), Time, condition, evaluation ?? Evaluation.Plain(Rows));
    }

    /// <summary>One row alone.</summary>
    public VideoCase Row(int index) => this with
    {
        Latents = Latents.narrow(0, index, 1),
        Time = Time.narrow(0, index, 1),
        Conditions = [.. Conditions.Select(c => c.Tensor.size(0) == 1 ? c : (c.Name, c.Tensor.narrow(0, index, 1)))],
    };

    public VideoCase Without(string name) => this with { Conditions = [.. Conditions.Where(c => c.Name != name)] };

    public VideoCase With(string name, Tensor tensor) => this with { Conditions = [.. Conditions.Where(c => c.Name != name), (name, tensor)] };

    /// <summary>A stored case. Files hold all input channels together, images of one video as rows, and frames before channels where <paramref name="framesFirst"/>.</summary>
    public static VideoCase Read(string path, string number, long channels, bool framesFirst = false)
    {
        using var file = SafetensorsFile.Open(path);
        var all = Video($"input{number}.hidden_states");
        var conditions = new List<(string, Tensor)> { (ConditionNames.Text, Here($"input{number}.encoder_hidden_states")) };
        if (all.size(1) > channels)
        {
            conditions.Add((ConditionNames.ImageLatents, all.narrow(1, channels, all.size(1) - channels)));
        }

        if (file.Names.Contains($"input{number}.encoder_hidden_states_image"))
        {
            var image = Here($"input{number}.encoder_hidden_states_image");
            conditions.Add((ConditionNames.Image, image.reshape(all.size(0), -1, image.size(2))));
        }

        if (file.Names.Contains($"input{number}.ofs"))
        {
            conditions.Add((ConditionNames.Offset, Here($"input{number}.ofs")));
        }

        return new(all.narrow(1, 0, channels), Here($"input{number}.timestep").to(ScalarType.Float32), conditions, Video($"output{number}.sample"), Video($"output64{number}.sample"));

        Tensor Here(string name) => file.Read(name).clone().ToTestDevice();
        Tensor Video(string name) => framesFirst ? Here(name).transpose(1, 2) : Here(name);
    }
}
