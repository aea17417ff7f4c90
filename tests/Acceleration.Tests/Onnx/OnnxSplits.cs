using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>The tiny models, split once for the tests of a collection, which copy what they change.</summary>
[CollectionDefinition(Name)]
public sealed class OnnxSplits : IDisposable, ICollectionFixture<OnnxSplits>
{
    public const string Name = "splits of the tiny ONNX models";
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-splits-").FullName;

    public string Dit => Of(OnnxModel.Dit);

    public string UNet => Of(OnnxModel.UNet);

    public string Sd3 => Of(OnnxModel.Sd3);

    public string Flux => Of(OnnxModel.Flux);

    /// <summary>The folder of a model's parts.</summary>
    public string Of(string kind)
    {
        var folder = Path.Combine(_folder, kind);
        if (!Directory.Exists(folder))
        {
            OnnxSplitter.Split(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind), folder);
        }

        return folder;
    }

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
