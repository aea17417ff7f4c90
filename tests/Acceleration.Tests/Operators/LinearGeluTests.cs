using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class LinearGeluTests : OperatorTest
{
    public static TheoryData<LinearGeluRoute, GeluForm, bool> Routes =>
        new(from route in Enum.GetValues<LinearGeluRoute>() from form in Enum.GetValues<GeluForm>() from bias in new[] { false, true } select (route, form, bias));

    [Theory]
    [MemberData(nameof(Routes))]
    public void EveryRouteEqualsTheFormula(LinearGeluRoute route, GeluForm form, bool hasBias)
    {
        LinearGelu.Route = route;
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 2e-2), (ScalarType.Float64, 1e-14) })
        {
            foreach (var size in new long[][] { [1, 3], [7, 48], [2, 33, 48], [2, 3, 4, 17] })
            {
                var x = Random(dtype, 1, size);
                var weight = Random(dtype, 2, 21, size[^1]);
                var bias = hasBias ? Random(dtype, 3, 21) : null;
                var y = LinearGelu.Compute(x, weight, bias, form);

                var h = x.to_type(ScalarType.Float64).matmul(weight.to_type(ScalarType.Float64).t());
                h = bias is null ? h : h + bias.to_type(ScalarType.Float64);
                Assert.Equal(dtype, y.dtype);
                Assert.True(y.is_contiguous());
                Assert.InRange(Error(y, Gelu.Compute(h, form)), 0, tolerance);
                Assert.True(SameBits(y, LinearGelu.Compute(x, weight, bias, form)));
            }
        }
    }

    [Fact]
    public void StridedInputsAreWelcome()
    {
        LinearGelu.Route = LinearGeluRoute.Fused;
        var x = Random(ScalarType.Float32, 1, 6, 5, 40).transpose(0, 1);
        var weight = Random(ScalarType.Float32, 2, 40, 32).t();

        Assert.True(SameBits(LinearGelu.Compute(x.contiguous(), weight.contiguous()), LinearGelu.Compute(x, weight)));
    }

    [Fact]
    public void TheFusedOperatorIsFoundInThisLibtorch() => Assert.True(!OperatingSystem.IsLinux() || OneDnn.HasLinearGelu(ScalarType.Float32));

    [Fact]
    public void AClassOfShapesIsMeasuredWithItsForm()
    {
        var (x, weight) = (Random(ScalarType.Float32, 1, 256, 192), Random(ScalarType.Float32, 2, 768, 192));
        LinearGelu.Compute(x, weight);
        LinearGelu.Compute(x, weight, form: GeluForm.Erf);
        LinearGelu.Compute(x, weight);

        var choices = OperatorRoutes.Describe().Where(c => c.Operator == "linear and GELU").ToArray();
        Assert.Equal(OneDnn.HasLinearGelu(ScalarType.Float32) ? 2 : 0, choices.Length);
        Assert.All(choices, c => Assert.Equal(["Separate", "Fused"], c.Milliseconds.Keys));
    }

    [Fact]
    public void EmptyInputsAndGradientsTakeTheSeparateForm()
    {
        LinearGelu.Route = LinearGeluRoute.Fused;
        Assert.Equal([0, 5], LinearGelu.Compute(zeros(0, 3), zeros(5, 3)).shape);

        using var gradients = enable_grad();
        var x = zeros(2, 3).requires_grad_(true);
        var gradient = autograd.grad([LinearGelu.Compute(x, ones(4, 3)).sum()], [x])[0];
        Assert.Equal(2f, gradient[0, 0].item<float>());
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused() =>
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => LinearGelu.Compute(zeros(2, 3), zeros(4, 5))).Message, StringComparison.Ordinal);
}
