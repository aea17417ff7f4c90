using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>An ONNX model in the place of a checkpoint's network.</summary>
internal static class OnnxNetwork
{
    /// <summary>What takes an ONNX model, for messages of what does not.</summary>
    public const string Commands = "generate, compare, fit, calibrate, inspect and split";

    private static readonly string[] Autoencoders = ["vae_decoder", "vae"];

    /// <summary>Loads a model, whole or split.</summary>
    /// <param name="path">The model.</param>
    /// <param name="options">What its files do not say.</param>
    /// <param name="dtype">The element type that was asked for; null for the model's own, which is the only one it has.</param>
    /// <exception cref="ToolException">It computes in another type than was asked for.</exception>
    /// <exception cref="OnnxException">It cannot be loaded.</exception>
    public static (IDenoiser Network, ScalarType DType) Load(string path, OnnxOptions options, string? dtype)
    {
        var network = OnnxDenoiser.Load(path, options);
        var type = network.Info.DType;
        if (dtype is null || dtype == type.ToString().ToLowerInvariant())
        {
            return (network, type);
        }

        network.Dispose();
        throw new ToolException($"--dtype {dtype}: '{path}' is an ONNX model, which computes in the type that it was exported in, {type.ToString().ToLowerInvariant()}; leave the option out.");
    }

    /// <summary>Refuses latents whose autoencoder lies beside the network: whoever names a folder with one expects pictures.</summary>
    /// <exception cref="ToolException">There is one.</exception>
    public static void RequirePictures(IDenoiser network, string path)
    {
        if (network is OnnxDenoiser && Directory.Exists(path) && !LatentPictures.ArePictures([1, .. network.Info.SampleSize]) && Autoencoders.FirstOrDefault(a => Directory.Exists(Path.Combine(path, a))) is { } autoencoder)
        {
            throw new ToolException($"'{path}' has an autoencoder, '{autoencoder}', which would make pictures of {network.Info.Name}'s latents; ONNX autoencoders are not run here. Name the network's .onnx file instead of the folder: its latents are what you get then.");
        }
    }

    /// <summary>Why a network without classes cannot be sampled by labels.</summary>
    public static ToolException NoClasses(DenoiserInfo network)
    {
        string[] read = [.. network.Conditions.Where(c => !c.IsOptional).Select(c => c.Name)];
        return new(read.Contains(ConditionNames.Labels)
            ? $"how many classes {network.Name} has is not said: lay a config.json with its \"num_classes\" beside the ONNX model."
            : $"{network.Name} {(read.Length == 0 ? "has no classes" : $"reads {string.Join(", ", read)}")}: generate, compare and calibrate take it{(read.Length == 0 ? "" : $", with {ConditionsOption.Name} FILE.safetensors that holds a tensor of each")}; fit samples by labels alone.");
    }
}
