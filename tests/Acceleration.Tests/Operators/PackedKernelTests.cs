using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Tests.Operators;

public sealed class PackedKernelTests : OperatorTest
{
    public static TheoryData<int, int, int> Convolutions => new(from kernel in new[] { 1, 3, 5 } from stride in new[] { 1, 2 } from padding in new[] { 0, kernel / 2 }.Distinct() select (kernel, stride, padding));

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void EqualsTheConvolution(int kernel, int stride, int padding)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 2e-2) })
        {
            foreach (var (rows, inputs, outputs) in new[] { (1, 1, 7), (2, 24, 40), (3, 16, 1) })
            {
                var x = OnCpu(dtype, 1, rows, 9, 7, inputs).permute(0, 3, 1, 2);
                var (weight, bias) = (OnCpu(dtype, 2, outputs, inputs, kernel, kernel), OnCpu(dtype, 3, outputs));
                if (PackedKernel.Of(weight, bias, stride, padding) is not { } packed)
                {
                    Assert.False(OneDnn.HasKernels(dtype, stride, padding));
                    continue;
                }

                var y = packed.Convolve(x);
                var expected = functional.conv2d(x.to_type(ScalarType.Float64), weight.to_type(ScalarType.Float64), bias.to_type(ScalarType.Float64), [stride, stride], [padding, padding]);
                Assert.Equal(dtype, y.dtype);
                Assert.Equal(expected.shape, y.shape);
                Assert.InRange(Error(y, expected), 0, tolerance);
                Assert.True(SameBits(y, packed.Convolve(x)));
            }
        }
    }

    [Fact]
    public void KernelsArePackedByThisLibtorchWhereTheProcessorReadsThemAsTheyArePacked() => Assert.True(!OperatingSystem.IsLinux() || !Avx512F.IsSupported || OneDnn.HasKernels(ScalarType.Float32, 2, 1));

    [Fact]
    public void OtherTypesStridesAndEmptyKernelsAreNotPacked()
    {
        Assert.Null(PackedKernel.Of(ones([4, 4, 3, 3], ScalarType.Float64), ones(4, ScalarType.Float64)));
        Assert.Null(PackedKernel.Of(ones(4, 4, 3, 3), ones(4), stride: 3));
        Assert.Null(PackedKernel.Of(zeros(4, 0, 3, 3), ones(4)));
    }

    [Fact]
    public void GradientsFlow()
    {
        if (PackedKernel.Of(ones(2, 3, 1, 1), zeros(2)) is { } packed)
        {
            using var gradients = enable_grad();
            var x = zeros(1, 3, 2, 2).requires_grad_(true);
            Assert.Equal(2f, autograd.grad([packed.Convolve(x).sum()], [x])[0][0, 1, 0, 0].item<float>());
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("[4, 4, 3, 3]", Assert.Throws<ArgumentException>(() => PackedKernel.Of(ones(4, 4, 3, 3), ones(3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedKernel.Of(ones(4, 4, 3, 3), ones(4), stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedKernel.Of(ones(4, 4, 3, 3), ones(4), padding: -1));
        if (PackedKernel.Of(ones(4, 4, 3, 3), ones(4)) is { } packed)
        {
            Assert.Contains("[1, 5, 6, 6]", Assert.Throws<ArgumentException>(() => packed.Convolve(ones(1, 5, 6, 6))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => packed.Convolve(ones([1, 4, 6, 6], ScalarType.BFloat16)));
        }
    }
}
