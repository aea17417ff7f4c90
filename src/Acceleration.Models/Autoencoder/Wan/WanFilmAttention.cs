using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Attention of every pixel to every pixel of its frame, in one head, added to its input.</summary>
internal sealed record WanFilmAttention(WanFilmNorm Norm, Linear Qkv, Linear Projection, ScalarType Residual) : IFilmLayer
{
    public static WanFilmAttention Read(IWeightSource weights, string name, int width, NetworkOptions options) => new(
        WanFilmNorm.Read(weights, name + ".norm", width, ofPictures: true),
        Pixels(weights, name + ".to_qkv", width, 3 * width, options.DType),
        Pixels(weights, name + ".proj", width, width, options.DType),
        options.Residual);

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        using var mixed = Mixed(x);
        using var projected = KlResidual.InType(Projection.Apply(mixed), Residual);
        return projected.view(x.size(0), x.size(2), x.size(3), x.size(4), x.size(1)).permute(0, 4, 1, 2, 3).Plus(x).MoveToOuterDisposeScope();
    }

    /// <summary>[rows·frames, pixels, width].</summary>
    private Tensor Mixed(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var normalised = Norm.Apply(x);
        using var joint = Qkv.Apply(normalised.permute(0, 2, 3, 4, 1).reshape(x.size(0) * x.size(2), x.size(3) * x.size(4), x.size(1)));
        var mixed = DenseAttention.Compute(Heads.Of(joint, 0, 3, 1), Heads.Of(joint, 1, 3, 1), Heads.Of(joint, 2, 3, 1));
        return Heads.Join(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>A product that is stored as a convolution of pictures.</summary>
    private static Linear Pixels(IWeightSource weights, string name, long inputs, long outputs, ScalarType dtype)
    {
        using var stored = weights.Take(name + ".weight", [outputs, inputs, 1, 1], dtype);
        return new(stored.reshape(outputs, inputs), weights.Take(name + ".bias", [outputs], dtype));
    }
}
