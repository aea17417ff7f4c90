using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>A tiny model with random weights that PyTorch exported (eng/export), and inputs with the output PyTorch gave.</summary>
internal sealed class OnnxModel : IDisposable
{
    public const string Dit = "dit";
    public const string UNet = "unet";
    public const string Sd3 = "sd3";
    public const string Flux = "flux";

    private OnnxModel(string kind)
    {
        Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "golden.safetensors"));
        Tensor Read(string name, ScalarType type = ScalarType.Float32) => golden.ReadCopy(name, type, CPU);
        var rows = (int)golden.Tensors["output"].Shape[0];
        Output = Read("output");
        Timestep = Read("timestep");
        Latents = Read(golden.Names.Contains("sample") ? "sample" : "hidden_states");
        Condition = kind switch
        {
            Sd3 => new(rows, ("text", Read("encoder_hidden_states")), ("pooled", Read("pooled_projections"))),
            Flux => new(rows, ("text", Read("encoder_hidden_states")), ("pooled", Read("pooled_projections")), ("guidance", Read("guidance"))),
            _ => new(rows, ("labels", Read("class_labels", ScalarType.Int64))),
        };
        if (kind == Flux)
        {
            // The model is given squares as tokens, and sigma; a sampler has pictures, and a thousandfold.
            (Latents, Output) = (Picture(Latents), Picture(Output));
            Timestep.mul_(1000);
        }
    }

    public static TheoryData<string> Kinds { get; } = [Dit, UNet, Sd3, Flux];

    public string Folder { get; }

    public string File => Path.Combine(Folder, "model.onnx");

    public Tensor Latents { get; }

    public Tensor Timestep { get; }

    public Conditioning Condition { get; }

    public Tensor Output { get; }

    public static OnnxModel Of(string kind) => new(kind);

    /// <summary>Writes the model changed, with its configuration beside it, into a folder of the caller's.</summary>
    public static void Changed(string kind, string folder, Action<ModelProto> change)
    {
        var from = Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind);
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "config.json", "scheduler_config.json" })
        {
            System.IO.File.Copy(Path.Combine(from, name), Path.Combine(folder, name));
        }

        var model = ModelReader.Read(Path.Combine(from, "model.onnx"));
        change(model);
        System.IO.File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model.ToByteArray());
    }

    /// <summary>Copies a model with all that lies beside it.</summary>
    public static void Copy(string kind, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind)))
        {
            System.IO.File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    /// <summary>Gives an input another name.</summary>
    public static void Rename(ModelProto model, string input, string name)
    {
        model.Graph.Input.Single(i => i.Name == input).Name = name;
        foreach (var node in model.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == input ? name : node.Input[i];
            }
        }
    }

    public Tensor Predict(IDenoiser network) => network.Predict(Latents, Timestep, Condition, Evaluation.Plain((int)Latents.size(0)));

    /// <summary>Largest difference from PyTorch's output.</summary>
    public double Off(Tensor output)
    {
        using var scope = NewDisposeScope();
        return (output - Output).abs().max().item<float>();
    }

    public void Dispose()
    {
        Latents.Dispose();
        Timestep.Dispose();
        Condition.Dispose();
        Output.Dispose();
    }

    private static Tensor Picture(Tensor packed)
    {
        using var scope = NewDisposeScope();
        using (packed)
        {
            return packed.view(packed.size(0), 8, 8, 4, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(packed.size(0), 4, 16, 16).MoveToOuterDisposeScope();
        }
    }
}
