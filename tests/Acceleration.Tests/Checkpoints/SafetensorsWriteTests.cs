using static TorchSharp.torch;

namespace Acceleration.Tests.Checkpoints;

public sealed class SafetensorsWriteTests : CheckpointTest
{
    private string Target => PathOf("out.safetensors");

    [Fact]
    public void AWrittenFileReadsBackEqual()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Tensor)[] tensors =
        [
            ("mask", tensor(new[] { true, false, true })),
            ("half", tensor(new[] { 1.5f, -2f, 3f }).to(ScalarType.Float16)),
            ("名前 \"quoted\"", arange(6).reshape(2, 3)),
            ("scalar", tensor(0.25)),
            ("none", empty(0, 4)),
        ];
        SafetensorsFile.Write(Target, tensors, new Dictionary<string, string> { ["format"] = "pt", ["ключ"] = "{\"a\": 1}" });

        using var file = SafetensorsFile.Open(Target);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("{\"a\": 1}", file.Metadata["ключ"]);
        Assert.Equal(tensors.Length, file.Names.Count);
        foreach (var (name, expected) in tensors)
        {
            var read = file.Read(name);
            Assert.Equal(expected.dtype, read.dtype);
            Assert.Equal(expected.shape, read.shape);
            Assert.Equal(expected.bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [Fact]
    public void WiderElementTypesComeFirstSoThatAllDataIsAligned()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(
            Target,
            [
                ("b", ones(3, ScalarType.Byte)),
                ("h", ones(3, ScalarType.BFloat16)),
                ("d", ones(1, ScalarType.Float64)),
                ("f", ones(1)),
                ("l", ones(1, ScalarType.Int64)),
            ]);
        using var file = SafetensorsFile.Open(Target);
        Assert.Equal(["d", "l", "f", "h", "b"], file.Names);
        Assert.Equal(0, BitConverter.ToInt64(File.ReadAllBytes(Target)) % 8);
    }

    [Fact]
    public void StridedTensorsAndParametersAreWrittenInRowOrder()
    {
        using var scope = NewDisposeScope();
        var strided = arange(6, ScalarType.Float32).reshape(2, 3).t().requires_grad_();
        SafetensorsFile.Write(Target, [("x", strided)]);
        using var file = SafetensorsFile.Open(Target);
        var read = file.Read("x");
        Assert.Equal([3, 2], read.shape);
        Assert.Equal([0, 3, 1, 4, 2, 5], read.data<float>().ToArray());
    }

    [Fact]
    public void AnOpenFileCanBeReplacedWhileItsTensorsLive()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not replace a mapped file.");
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(Target, [("x", full(4, 1f))]);
        using var file = SafetensorsFile.Open(Target);
        var old = file.Read("x");
        SafetensorsFile.Write(Target, [("x", old + 1)]);
        using var replaced = SafetensorsFile.Open(Target);
        Assert.Equal([1, 1, 1, 1], old.data<float>().ToArray());
        Assert.Equal([2, 2, 2, 2], replaced.Read("x").data<float>().ToArray());
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        using var good = ones(2);
        var disposed = ones(2);
        SafetensorsFile.Write(Target, [("x", good)]);
        var before = File.ReadAllBytes(Target);
        disposed.Dispose();
        Assert.ThrowsAny<Exception>(() => SafetensorsFile.Write(Target, [("x", good), ("y", disposed)]));
        Assert.Throws<DirectoryNotFoundException>(() => SafetensorsFile.Write(PathOf("absent/out.safetensors"), [("x", good)]));
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void WhatTheFormatCannotHoldIsRefused()
    {
        using var x = ones(2);
        using var complex = zeros(2, ScalarType.ComplexFloat32);
        Refused("named 'x'", [("x", x), ("x", x)]);
        Refused("__metadata__", [("__metadata__", x)]);
        Refused("ComplexFloat32", [("c", complex)]);
        Refused("Unicode", [("\ud800", x)]);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, [("x", x)], new Dictionary<string, string> { ["k"] = "\udc00" }));
        Directory.CreateDirectory(Target);
        Assert.Contains("directory", Assert.Throws<IOException>(() => SafetensorsFile.Write(Target, [("x", x)])).Message);
    }

    private void Refused(string reason, (string, Tensor)[] tensors)
    {
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, tensors)).Message);
        Assert.False(File.Exists(Target));
    }
}
