using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two convolutions over time, each behind a norm and an activation, beside a shortcut.</summary>
internal sealed record CogFilmResidual(CogFilmNorm FirstNorm, FilmConv First, CogFilmNorm SecondNorm, FilmConv Second, FilmConv? Shortcut, Activation Activation)
{
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the block.</param>
    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="c">The sizes.</param>
    /// <param name="options">Types.</param>
    /// <param name="decodes">Whether its norms see latents.</param>
    public static CogFilmResidual Read(IWeightSource weights, string name, int inputs, int outputs, CogFilmConfig c, NetworkOptions options, bool decodes)
    {
        CogFilmNorm Norm(string norm, int channels) => decodes ? CogFilmNorm.ReadModulated(weights, name + norm, channels, c, options) : CogFilmNorm.Read(weights, name + norm, channels, c, c.Epsilon);
        FilmConv Conv(string conv, int from) => FilmConv.Causal(weights, name + conv, from, outputs, FilmStart.FirstFrame, options);
        return new(
            Norm(".norm1", inputs),
            Conv(".conv1.conv", inputs),
            Norm(".norm2", outputs),
            Conv(".conv2.conv", outputs),
            inputs == outputs ? null : FilmConv.Pixels(weights, name + ".conv_shortcut", inputs, outputs, options),
            c.Activation);
    }

    /// <param name="x">[rows, inputs, frames, height, width].</param>
    /// <param name="latents">Of the same part; null in the encoder.</param>
    /// <param name="history">Of the film; changed.</param>
    /// <returns>[rows, outputs, frames, height, width], a new tensor.</returns>
    public Tensor Apply(Tensor x, Tensor? latents, FilmHistory history)
    {
        using var middle = Convolved(FirstNorm, First, x, latents, history);
        using var beside = Shortcut?.Apply(x, history);
        return Convolved(SecondNorm, Second, middle, latents, history).Increase(beside ?? x);
    }

    private Tensor Convolved(CogFilmNorm norm, FilmConv conv, Tensor x, Tensor? latents, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        Tensor active;
        using (var normalised = norm.Apply(x, latents, history))
        {
            active = Activation.Apply(normalised);
        }

        return conv.Apply(active, history).MoveToOuterDisposeScope();
    }
}
