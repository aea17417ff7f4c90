using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A network of a family and what it is called with.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Rows">Rows of a call.</param>
/// <param name="Checkpoint">Path of its weights.</param>
/// <param name="Made">The weights, where they were made for this.</param>
internal sealed record FamilyInput(string Name, int Rows, string Checkpoint, MadeCheckpoint? Made) : IDisposable
{
    private const int FluxSide = 64;
    private const int FluxText = 512;
    private const int UNetSide = 32;

    private readonly Dictionary<string, Tensor> _tensors = [];

    /// <summary>Every input by its name, <c>latents</c> and <c>time</c> among them.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>One of the known names.</summary>
    /// <param name="name">fashion-unet, sd-unet or flux.</param>
    /// <param name="kept">Folder to keep made weights in; null to remove them.</param>
    public static FamilyInput Of(string name, string? kept) => name switch
    {
        "fashion-unet" => Filled(new(name, 8, Path.Combine(AppContext.BaseDirectory, "weights", "fashion-unet.safetensors"), null), 500f, [1, 32, 32], i => i["labels"] = arange(8, ScalarType.Int64)),
        "sd-unet" => Filled(Random(name, 2, UNetShapes.Parameters, UNetShapes.Config, kept), 500f, [4, UNetSide, UNetSide], i => i["text"] = randn(2, UNetShapes.TextTokens, UNetShapes.TextWidth)),
        _ => Flux(Random(name, 1, new FluxShapes(24, 1, 2).Parameters, new FluxShapes(24, 1, 2).Config, kept), FluxSide, FluxText),
    };

    /// <summary>A FLUX that is there already.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="checkpoint">Path of its weights.</param>
    /// <param name="side">Side of the latents.</param>
    /// <param name="text">Tokens of the text.</param>
    public static FamilyInput Flux(string name, string checkpoint, int side, int text) => Flux(new FamilyInput(name, 1, checkpoint, null), side, text);

    /// <summary>A FLUX of one head.</summary>
    public static FamilyInput TinyFlux() => Flux(Random("tiny", 1, new FluxShapes(1, 1, 1).Parameters, new FluxShapes(1, 1, 1).Config, null), 8, 16);

    /// <summary>Loads the network.</summary>
    public IDenoiser Load(ScalarType dtype) => Networks.Load(Checkpoint, new() { DType = dtype });

    /// <summary>One forward pass without strategies.</summary>
    public Tensor Run(IDenoiser network)
    {
        using var condition = new Conditioning(Rows, [.. _tensors.Where(t => t.Key is not ("latents" or "time")).Select(t => (t.Key, t.Value.alias()))]);
        return network.Predict(_tensors["latents"], _tensors["time"], condition, Evaluation.Plain(Rows));
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }

        Made?.Dispose();
    }

    private static FamilyInput Flux(FamilyInput input, int side, int text) => Filled(input, 500f, [16, side, side], i =>
    {
        i["text"] = randn(1, text, FluxShapes.TextWidth);
        i["pooled"] = randn(1, FluxShapes.PooledWidth);
        i["guidance"] = tensor(new[] { 3.5f });
    });

    private static FamilyInput Random(string name, int rows, IReadOnlyList<(string Name, long[] Shape)> parameters, string config, string? kept)
    {
        var made = new MadeCheckpoint(parameters, config, ScalarType.BFloat16, kept: kept is null ? null : Path.Combine(kept, name));
        return new(name, rows, made.Path, made);
    }

    private static FamilyInput Filled(FamilyInput input, float time, long[] latents, Action<Dictionary<string, Tensor>> conditions)
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        input._tensors["latents"] = randn([input.Rows, .. latents]);
        input._tensors["time"] = full([input.Rows], time);
        conditions(input._tensors);
        scope.Detach(input._tensors.Values);
        return input;
    }
}
