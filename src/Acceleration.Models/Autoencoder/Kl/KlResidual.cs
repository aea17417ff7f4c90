using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two convolutions, each behind a norm and an activation, beside a shortcut.</summary>
internal sealed record KlResidual(GroupNorm FirstNorm, Conv2d First, GroupNorm SecondNorm, Conv2d Second, Conv2d? Shortcut, Activation Activation, ScalarType Residual)
{
    private const double Epsilon = 1e-6;

    public static KlResidual Read(IWeightSource weights, string name, int inputs, int outputs, KlConfig c, NetworkOptions options) => new(
        GroupNorm.Read(weights, name + ".norm1", inputs, c.Groups, Epsilon),
        Conv2d.Read(weights, name + ".conv1", inputs, outputs, dtype: options.DType),
        GroupNorm.Read(weights, name + ".norm2", outputs, c.Groups, Epsilon),
        Conv2d.Read(weights, name + ".conv2", outputs, outputs, dtype: options.DType),
        inputs == outputs ? null : Conv2d.Read(weights, name + ".conv_shortcut", inputs, outputs, kernel: 1, dtype: options.DType),
        c.Activation,
        options.Residual);

    /// <param name="x">[rows, inputs, height, width].</param>
    /// <returns>[rows, outputs, height, width], a new tensor.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var middle = Convolved(FirstNorm, First, x);
        var sum = Convolved(SecondNorm, Second, middle);
        using var beside = Shortcut is null ? null : InType(Shortcut.Apply(x), Residual);
        return sum.Increase(beside ?? x).MoveToOuterDisposeScope();
    }

    /// <summary>The tensor itself where it has the type.</summary>
    public static Tensor InType(Tensor x, ScalarType type)
    {
        if (x.dtype == type)
        {
            return x;
        }

        var converted = x.to(type);
        x.Dispose();
        return converted;
    }

    private Tensor Convolved(GroupNorm norm, Conv2d conv, Tensor x)
    {
        using var normalised = norm.Apply(x);
        using var active = Activation.Apply(normalised);
        return InType(conv.Apply(active), Residual);
    }
}
