using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Where the parts of an attention are joined: each box is written where it belongs, and weighted against what earlier parts have written there.</summary>
internal sealed class JoinedTarget
{
    private readonly Tensor _output;
    private readonly Tensor? _sums;
    private readonly int _parts;
    private int _part;

    /// <param name="output">[rows, image tokens, heads, head_dim], to be filled.</param>
    /// <param name="grid">The token grid.</param>
    /// <param name="parts">How many parts will be added.</param>
    public JoinedTarget(Tensor output, TokenGrid grid, int parts)
    {
        _parts = parts;
        _output = output.view(output.size(0), grid.Leading, grid.Middle, grid.Trailing, output.size(2), output.size(3));
        if (parts > 1)
        {
            _sums = empty([.. _output.shape[..^1]], output.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, output.device);
        }
    }

    public void NextPart() => _part++;

    /// <summary>Adds what the queries of a box see in the part at hand.</summary>
    /// <param name="input">The box's queries, keys and values.</param>
    /// <param name="box">Takes the box of a tensor [rows, leading, middle, trailing, ...].</param>
    public void Add(in AttentionInput input, Func<Tensor, Tensor> box)
    {
        var place = box(_output);
        if (_sums is null)
        {
            place.copy_(Placed(DenseAttention.Compute(input), place));
            return;
        }

        var now = PartialAttention.Compute(input);
        var (output, sums, earlier) = (Placed(now.Output, place), Placed(now.LogSumExp, box(_sums)), box(_sums));
        if (_part == 0)
        {
            place.copy_(output);
            earlier.copy_(sums);
            return;
        }

        // exp(l₂) / (exp(l₁) + exp(l₂)) = sigmoid(l₂ − l₁).
        place.lerp_(output, (sums - earlier).sigmoid_().to(place.dtype).unsqueeze(-1));
        if (_part < _parts - 1)
        {
            earlier.copy_(sums.logaddexp(earlier));
        }
    }

    // [rows, heads, queries, ...] as the box [rows, leading, middle, trailing, heads, ...].
    private static Tensor Placed(Tensor part, Tensor place) => part.transpose(1, 2).reshape(place.shape);
}
