using Acceleration.Onnx;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

/// <summary>Inputs by the names, types and ranks that exports of diffusers' networks and of others have.</summary>
public sealed class InputRecognitionTests
{
    private static readonly Port Latents = new("sample", ScalarType.Float32, [-1, 4, 8, 8], []);
    private static readonly Port Time = new("timestep", ScalarType.Float32, [-1], []);

    [Theory]
    [InlineData("sample", ScalarType.Float16, 4, "latents")]
    [InlineData("latent_sample", ScalarType.BFloat16, 4, "latents")]
    [InlineData("latent_model_input", ScalarType.Float32, 4, "latents")]
    [InlineData("hidden_states", ScalarType.Float16, 4, "latents")]
    [InlineData("hidden_states", ScalarType.Float32, 5, "latents")]
    [InlineData("hidden_states", ScalarType.BFloat16, 3, "packed latents")]
    [InlineData("img", ScalarType.Float32, 3, "packed latents")]
    [InlineData("img", ScalarType.Float32, 4, "latents")]
    [InlineData("x", ScalarType.Float32, 4, "latents")]
    [InlineData("noise", ScalarType.Float32, 4, "latents")]
    [InlineData("timestep", ScalarType.Int64, 0, "timestep")]
    [InlineData("timestep", ScalarType.Int64, 1, "timestep")]
    [InlineData("timestep", ScalarType.Float16, 1, "timestep")]
    [InlineData("timesteps", ScalarType.Int32, 1, "timestep")]
    [InlineData("T", ScalarType.Float64, 1, "timestep")]
    [InlineData("sigma", ScalarType.Float32, 0, "timestep")]
    [InlineData("the_time_now", ScalarType.Int64, 1, "timestep")]
    [InlineData("when", ScalarType.Float32, 1, "timestep")]
    [InlineData("encoder_hidden_states", ScalarType.Float16, 3, "condition 'text'")]
    [InlineData("prompt_embeds", ScalarType.Float32, 3, "condition 'text'")]
    [InlineData("context", ScalarType.Float32, 3, "condition 'text'")]
    [InlineData("what_it_shows", ScalarType.Float32, 3, "condition 'text'")]
    [InlineData("encoder_attention_mask", ScalarType.Int64, 2, "condition 'text_mask'")]
    [InlineData("encoder_attention_mask", ScalarType.Float32, 2, "condition 'text_mask'")]
    [InlineData("prompt_attention_mask", ScalarType.Bool, 2, "condition 'text_mask'")]
    [InlineData("pooled_projections", ScalarType.Float32, 2, "condition 'pooled'")]
    [InlineData("text_embeds", ScalarType.Float16, 2, "condition 'pooled'")]
    [InlineData("y", ScalarType.Float32, 2, "condition 'pooled'")]
    [InlineData("y", ScalarType.Int64, 1, "condition 'labels'")]
    [InlineData("time_ids", ScalarType.Float16, 2, "condition 'time_ids'")]
    [InlineData("add_time_ids", ScalarType.Int64, 2, "condition 'time_ids'")]
    [InlineData("class_labels", ScalarType.Int64, 1, "condition 'labels'")]
    [InlineData("digit", ScalarType.Int32, 1, "condition 'labels'")]
    [InlineData("guidance", ScalarType.Float32, 1, "condition 'guidance'")]
    [InlineData("guidance_scale", ScalarType.Float32, 0, "condition 'guidance'")]
    [InlineData("timestep_cond", ScalarType.Float32, 2, "condition 'guidance_embedding'")]
    [InlineData("resolution", ScalarType.Float32, 2, "condition 'resolution'")]
    [InlineData("aspect_ratio", ScalarType.Float32, 2, "condition 'aspect_ratio'")]
    [InlineData("img_ids", ScalarType.Float32, 2, "places of image tokens")]
    [InlineData("img_ids", ScalarType.Int64, 3, "places of image tokens")]
    [InlineData("txt_ids", ScalarType.Float32, 2, "places of text tokens")]
    public void AnInputIsWhatItsNameTypeAndRankSay(string name, ScalarType type, int rank, string expected)
    {
        Port[] beside = expected.EndsWith("latents", StringComparison.Ordinal) ? [Time] : expected == "timestep" ? [Latents] : [Latents, Time];
        Port port = new(name, type, [.. Enumerable.Repeat(-1L, rank)], []);
        foreach (var ports in new[] { [port, .. beside], (Port[])[.. beside, port] })
        {
            var found = InputRecognition.Recognise("model.onnx", ports, new Dictionary<string, OnnxInput>());
            Assert.Equal(expected, $"{found[Array.IndexOf(ports, port)]}");
        }
    }

    /// <summary>All that a network of Stable Diffusion XL, and one of PixArt, is told.</summary>
    [Fact]
    public void ManyInputsAreToldApart()
    {
        Assert.Equal(
            ["latents", "timestep", "condition 'text'", "condition 'pooled'", "condition 'time_ids'", "condition 'guidance_embedding'"],
            Told(("sample", ScalarType.Float16, 4), ("timestep", ScalarType.Int64, 0), ("encoder_hidden_states", ScalarType.Float16, 3), ("text_embeds", ScalarType.Float16, 2), ("time_ids", ScalarType.Float16, 2), ("timestep_cond", ScalarType.Float16, 2)));
        Assert.Equal(
            ["latents", "condition 'text'", "condition 'text_mask'", "timestep", "condition 'resolution'", "condition 'aspect_ratio'"],
            Told(("hidden_states", ScalarType.Float32, 4), ("encoder_hidden_states", ScalarType.Float32, 3), ("encoder_attention_mask", ScalarType.Int64, 2), ("timestep", ScalarType.Int64, 1), ("resolution", ScalarType.Float32, 2), ("aspect_ratio", ScalarType.Float32, 2)));
        Assert.Equal(
            ["latents", "timestep", "condition 'text'", "condition 'labels'"],
            Told(("latents", ScalarType.Float32, 4), ("t", ScalarType.Float32, 1), ("text", ScalarType.Float32, 3), ("kind", ScalarType.Int64, 1)));
    }

    [Fact]
    public void WhatIsSaidGoesBeforeNames()
    {
        Port[] ports = [Latents, new("other", ScalarType.Float32, [-1, 4, 8, 8], []), Time];
        var table = new Dictionary<string, OnnxInput> { ["sample"] = OnnxInput.Condition("mask"), ["other"] = OnnxInput.Latents };
        Assert.Equal(["condition 'mask'", "latents", "timestep"], InputRecognition.Recognise("model.onnx", ports, table).Select(i => $"{i}"));
    }

    [Theory]
    [InlineData("what the input 'other' is for cannot be told", "sample", "timestep", "other")]
    [InlineData("it has no input for latents", "timestep")]
    [InlineData("two inputs are the latents: sample, latents", "sample", "latents", "timestep")]
    public void WhatCannotBeToldIsRefused(string reason, params string[] names)
    {
        Port[] ports = [.. names.Select(n => new Port(n, ScalarType.Float32, [-1, .. n == "timestep" ? [] : new long[] { 4, 8, n == "other" ? 3 : 8 }], []))];
        ports = [.. ports.Select(p => p.Name == "other" ? p with { Size = [-1, 4, 2, 2, 2, 2] } : p)];
        var error = Assert.Throws<OnnxException>(() => InputRecognition.Recognise("model.onnx", ports, new Dictionary<string, OnnxInput>()));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("It takes ", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Told(params (string Name, ScalarType Type, int Rank)[] ports) =>
        InputRecognition.Recognise("model.onnx", [.. ports.Select(p => new Port(p.Name, p.Type, [.. Enumerable.Repeat(-1L, p.Rank)], []))], new Dictionary<string, OnnxInput>()).Select(i => $"{i}");
}
