using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class OperatorRoutesTests : OperatorTest
{
    [Fact]
    public void AClassIsMeasuredOnceAndKeepsItsBits()
    {
        var (x, weight) = (OnCpu(ScalarType.Float32, 1, 256, 192), OnCpu(ScalarType.Float32, 2, 576, 192));
        var first = MatrixProduct.Compute(x, weight);
        var choice = Assert.Single(OperatorRoutes.Describe());

        Assert.True(SameBits(first, MatrixProduct.Compute(x, weight)));
        MatrixProduct.Compute(x.narrow(0, 0, 255), weight);
        Assert.Equal(2, OperatorRoutes.Describe().Count);
        MatrixProduct.Compute(x.narrow(0, 0, 130), weight);
        Assert.Equal(2, OperatorRoutes.Describe().Count);

        Assert.Equal("matrix product", choice.Operator);
        Assert.Contains("[256, 192] x [576, 192]", choice.ShapeClass, StringComparison.Ordinal);
        Assert.Equal(["Linear", "Convolution"], choice.Milliseconds.Keys);
        Assert.All(choice.Milliseconds.Values, time => Assert.InRange(time, 1e-6, 1e4));
        Assert.Contains(choice.Route, choice.Milliseconds.Keys);

        MatrixProduct.Route = Enum.Parse<MatrixRoute>(choice.Route);
        Assert.True(SameBits(first, MatrixProduct.Compute(x, weight)));
    }

    [Fact]
    public void MeasuringLeavesTensorsScopesGradientsAndRandomNumbersAlone()
    {
        using var gradients = enable_grad();
        var (x, weight, hidden) = (OnCpu(ScalarType.Float32, 1, 256, 192), OnCpu(ScalarType.Float32, 2, 576, 192), OnCpu(ScalarType.Float32, 3, 1 << 15));
        var heads = new[] { ScalarType.Float32, ScalarType.BFloat16 }.Select(dtype => OnCpu(dtype, 4, 2, 3, 600, 64)).ToArray();
        var bias = zeros(600, 600);
        var state = get_rng_state();
        var alive = Tensor.TotalCount;

        var results = new List<Tensor> { MatrixProduct.Compute(x, weight), Gelu.Compute(hidden) };
        foreach (var head in heads)
        {
            results.Add(DenseAttention.Compute(head, head, head));
            results.Add(DenseAttention.Compute(head, head, head, causal: true));
            results.Add(DenseAttention.Compute(head, head, head, bias, causal: true));
        }

        Assert.Equal(alive + results.Count, Tensor.TotalCount);
        Assert.True(is_grad_enabled());
        Assert.True(SameBits(state, get_rng_state()));
        Assert.Equal(8, OperatorRoutes.Describe().Count);
    }

    [Fact]
    public void MeasuringNeedsNoScope()
    {
        var alive = Tensor.TotalCount;
        var thread = new Thread(() =>
        {
            using var x = ones(256, 192);
            using var weight = ones(576, 192);
            using var bias = ones(576);
            using var heads = ones(2, 3, 256, 64);
            MatrixProduct.Compute(x, weight, bias).Dispose();
            DenseAttention.Compute(heads, heads, heads).Dispose();
            DenseAttention.Compute(heads, heads, heads, scale: 0.1).Dispose();
            Gelu.Compute(x).Dispose();
            LinearGelu.Compute(x, weight, bias).Dispose();
            OperatorRoutes.Pin(MatrixRoute.Convolution, AttentionRoute.Composed, GeluRoute.Sigmoid, LinearGeluRoute.Fused);
            MatrixProduct.Compute(x, weight, bias).Dispose();
            DenseAttention.Compute(heads, heads, heads).Dispose();
            Gelu.Compute(x).Dispose();
            LinearGelu.Compute(x, weight, bias).Dispose();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(alive, Tensor.TotalCount);
        Assert.NotEmpty(OperatorRoutes.Describe());
    }

    [Fact]
    public void ThreadsThatMeetAtANewClassAgree()
    {
        var (x, weight) = (OnCpu(ScalarType.Float32, 1, 128, 128), OnCpu(ScalarType.Float32, 2, 128, 128));
        var results = new Tensor[4];
        var threads = Enumerable.Range(0, results.Length).Select(i => new Thread(() => results[i] = MatrixProduct.Compute(x, weight))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(OperatorRoutes.Describe());
        Assert.All(results, result => Assert.True(SameBits(results[0], result)));
        Array.ForEach(results, result => result.Dispose());
    }

    [Fact]
    public void PinnedRoutesAreTakenWithoutMeasuring()
    {
        var x = ones(1 << 14);
        OperatorRoutes.Pin(MatrixRoute.Convolution, AttentionRoute.Composed, GeluRoute.Sigmoid, LinearGeluRoute.Fused);
        Assert.Equal(GeluRoute.Sigmoid, Gelu.Choose(x, ScalarType.Float32));
        Assert.Equal(MatrixRoute.Convolution, MatrixProduct.Choose(x, ScalarType.Float32, 1, 1, 1));
        Assert.Equal(["Convolution", "Composed", "Composed", "Sigmoid", "Fused"], OperatorRoutes.Describe().Select(choice => choice.Route));
        Assert.All(OperatorRoutes.Describe(), choice => Assert.Equal("every shape", choice.ShapeClass));

        OperatorRoutes.PinNative();
        Gelu.Compute(x);
        Assert.Equal(["Linear", "Fused", "Fused", "Native", "Separate"], OperatorRoutes.Describe().Select(choice => choice.Route));

        OperatorRoutes.Pin();
        Assert.Empty(OperatorRoutes.Describe());
        Assert.Null(DenseAttention.Route);
    }

    [Fact]
    public void RoutesThatDoNotExistAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Route = (MatrixRoute)2);
        Assert.Throws<ArgumentOutOfRangeException>(() => DenseAttention.Route = (AttentionRoute)(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gelu.Route = (GeluRoute)7);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearGelu.Route = (LinearGeluRoute)2);
    }

    [Fact]
    public void OtherDevicesTakeTheNativeRouteUnmeasured()
    {
        var meta = device(DeviceType.META);
        var x = zeros(256, 192, device: meta);
        OperatorRoutes.Pin(MatrixRoute.Convolution, AttentionRoute.Composed, GeluRoute.Sigmoid, LinearGeluRoute.Fused);
        var heads = zeros(2, 3, 256, 64, device: meta);
        var input = new AttentionInput(heads, heads, heads);

        Assert.Equal(MatrixRoute.Linear, MatrixProduct.Choose(x, ScalarType.Float32, 256, 192, 576));
        Assert.Equal(AttentionRoute.Fused, DenseAttention.Choose(input, AttentionShape.Of(input)));
        Assert.Equal(GeluRoute.Native, Gelu.Choose(x, ScalarType.Float32));
        Assert.Equal(LinearGeluRoute.Separate, LinearGelu.Choose(x, zeros(576, 192, device: meta), null, GeluForm.Tanh));
    }
}
