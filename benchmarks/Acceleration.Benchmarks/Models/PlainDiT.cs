using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The DiT as one would write it by hand: the same layers and operators in a plain loop that raises no sites. What the library's network takes longer is the price
/// of its sites.
/// </summary>
internal sealed class PlainDiT : IDisposable
{
    private const int Sinusoids = 256;
    private const int BlockParts = 6;
    private readonly IReadOnlyList<IDisposable> _owned;
    private readonly int _width;
    private readonly int _heads;
    private readonly int _patch;
    private readonly PatchEmbedding _patches;
    private readonly Tensor _positions;
    private readonly Tensor _frequencies;
    private readonly TimestepEmbedding _time;
    private readonly Embedding _labels;
    private readonly Linear _modulation;
    private readonly LayerNorm _norm;
    private readonly (Linear Qkv, Linear Projection, Linear Up, Linear Down)[] _blocks;
    private readonly Linear _output;

    public PlainDiT(string path, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        int Size(string key) => int.Parse(file.Metadata[key], System.Globalization.CultureInfo.InvariantCulture);
        var weights = new WeightMap(file);
        (_width, _heads, _patch) = (Size("hidden_size"), Size("num_heads"), Size("patch_size"));
        var side = Size("input_size") / _patch;
        var centres = SinCosPositions.Coordinates(PositionRule.Centres, side, side);
        _patches = PatchEmbedding.Read(weights, "x_embedder.proj", Size("in_channels"), _patch, _width);
        _positions = SinCosPositions.Table(_width, centres, centres).to(ScalarType.Float32);
        _frequencies = tensor([.. Enumerable.Range(0, Sinusoids / 2).Select(k => Math.Pow(10000, -k / (Sinusoids / 2.0)))], ScalarType.Float64);
        _time = TimestepEmbedding.Read(weights, "t_embedder.mlp.0", "t_embedder.mlp.2", Sinusoids, _width);
        _labels = Embedding.Read(weights, "y_embedder.embedding_table", Size("num_classes") + 1, _width);
        _norm = new(_width, 1e-6);
        _modulation = Linear.Stack(
        [
            Linear.Read(weights, "final_layer.adaLN_modulation.1", _width, 2 * _width),
            .. Enumerable.Range(0, Size("depth")).Select(i => Linear.Read(weights, $"blocks.{i}.adaLN_modulation.1", _width, BlockParts * _width)),
        ]);
        Linear Layer(int block, string name, int inputs, int outputs) => Linear.Read(weights, $"blocks.{block}.{name}", inputs * _width, outputs * _width, dtype: dtype);
        _blocks = [.. Enumerable.Range(0, Size("depth")).Select(i => (Layer(i, "attn.qkv", 1, 3), Layer(i, "attn.proj", 1, 1), Layer(i, "mlp.fc1", 1, 4), Layer(i, "mlp.fc2", 4, 1)))];
        _output = Linear.Read(weights, "final_layer.linear", _width, _patch * _patch * Size("in_channels"));

        // A modulated norm is norm·(1 + scale) + shift: the 1 goes into the bias.
        var parts = _modulation.Bias!.view(-1, _width);
        parts[1].add_(1);
        for (var part = 2; part < parts.size(0); part += BlockParts)
        {
            parts[part + 1].add_(1);
            parts[part + 4].add_(1);
        }

        _owned = [.. scope.DisposablesView];
        scope.Detach(_owned);
    }

    public int Heads => _heads;

    public int Patch => _patch;

    /// <summary>[tokens, width].</summary>
    public Tensor Positions => _positions;

    /// <summary>[128].</summary>
    public Tensor Frequencies => _frequencies;

    /// <summary>Weight and bias of every layer: time, labels (a table alone), modulation, patches, output, then of every block qkv, projection, up and down.</summary>
    public Tensor[] Weights =>
    [
        .. _time.Parameters, _labels.Table, .. _modulation.Parameters, .. _patches.Parameters, .. _output.Parameters,
        .. _blocks.SelectMany(b => new[] { b.Qkv, b.Projection, b.Up, b.Down }).SelectMany(l => l.Parameters),
    ];

    public Tensor Predict(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        var phase = input.Time.to(ScalarType.Float64).unsqueeze(1) * _frequencies;
        var embedding = _time.Apply(cat([phase.cos(), phase.sin()], 1).to(ScalarType.Float32));
        using var active = nn.functional.silu(embedding + _labels.Apply(input.Condition["labels"]));
        var modulation = _modulation.Apply(active).view(input.Rows, -1, 1, _width);
        var h = _patches.Apply(input.Latents).add_(_positions);
        for (var i = 0; i < _blocks.Length; i++)
        {
            using var before = h;
            h = Block(h, i, modulation);
        }

        using var final = _norm.Modulated(h, Part(modulation, 0), Part(modulation, 1));
        using var patches = _output.Apply(final);
        var sides = input.Latents.shape;
        return PatchEmbedding.Assemble(patches, sides[2] / _patch, sides[3] / _patch, _patch).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }
    }

    private Tensor Block(Tensor x, int index, Tensor modulation)
    {
        using var scope = NewDisposeScope();
        var (first, layers) = (2 + (index * BlockParts), _blocks[index]);
        var attended = Attention(_norm.Modulated(x, Part(modulation, first), Part(modulation, first + 1)), layers.Qkv, layers.Projection);
        using var middle = attended.mul_(Part(modulation, first + 2)).add_(x);
        var fed = FeedForward(_norm.Modulated(middle, Part(modulation, first + 3), Part(modulation, first + 4)), layers.Up, layers.Down);
        return fed.mul_(Part(modulation, first + 5)).add_(middle).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x, Linear qkv, Linear projection)
    {
        using var scope = NewDisposeScope();
        long rows = x.size(0), tokens = x.size(1);
        long width = _width, head = width / _heads;
        var joint = qkv.Apply(x);
        Tensor Heads(int part) => joint.as_strided([rows, _heads, tokens, head], [3 * width * tokens, head, 3 * width, 1], joint.storage_offset() + (part * width));
        var joined = DenseAttention.Compute(Heads(0), Heads(1), Heads(2)).transpose(1, 2).reshape(rows, tokens, width);
        return Wide(projection.Apply(joined)).MoveToOuterDisposeScope();
    }

    private static Tensor FeedForward(Tensor x, Linear up, Linear down)
    {
        using var scope = NewDisposeScope();
        using var active = up.ApplyGelu(x);
        return Wide(down.Apply(active)).MoveToOuterDisposeScope();
    }

    private static Tensor Wide(Tensor x) => x.dtype == ScalarType.Float32 ? x : x.to(ScalarType.Float32);

    private static Tensor Part(Tensor modulation, int part) => modulation.select(1, part);
}
