using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>A test with a folder of its own that leaves no tensor behind.</summary>
public abstract class OnnxTest : IDisposable, ICountsLiveTensors
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-test-").FullName;
    private readonly long _before = LiveTensors.Count();

    /// <inheritdoc/>
    public void Dispose()
    {
        var left = TorchSharp.torch.Tensor.TotalCount;
        Directory.Delete(_folder, recursive: true);
        LiveTensors.RequireNoneLeft(_before, left);
        GC.SuppressFinalize(this);
    }

    private protected string At(string name) => Path.Combine(_folder, name);

    /// <summary>Splits a model into a folder of the test's.</summary>
    private protected string Split(string kind)
    {
        using var model = OnnxModel.Of(kind);
        OnnxSplitter.Split(model.Folder, At(kind));
        return At(kind);
    }
}
