using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time and text, and the modulation of all blocks: one product for all of them, to which each adds a table of its own (adaLN-single, arXiv:2310.00426).</summary>
/// <param name="time">Embeds the time.</param>
/// <param name="modulation">[6·width, width].</param>
/// <param name="text">Projects the text.</param>
/// <param name="tables">[blocks, 6, width]; scales have their 1 added.</param>
/// <param name="output">[2, 1, width] of the output, likewise.</param>
/// <param name="options">Types.</param>
internal sealed class LatteConditioner(TimestepEmbedding time, Linear modulation, TimestepEmbedding text, Tensor tables, Tensor output, NetworkOptions options) : IDisposable
{
    public const int Frequencies = 256;
    public const int OutputParts = 2;

    private readonly Sinusoids _sinusoids = new(Frequencies, device: tables.device);

    /// <summary>Multiply-adds of a row without its text.</summary>
    public double MultiplyAdds => time.MultiplyAdds + modulation.MultiplyAdds;

    /// <summary>Multiply-adds of a text token.</summary>
    public double TextMultiplyAdds => text.MultiplyAdds;

    public void Dispose() => _sinusoids.Dispose();

    /// <summary>The time embedding [rows, width], the modulation of the blocks [rows, blocks·6, 1, width] and that of the output [rows, 2, 1, width].</summary>
    public (Tensor Time, Tensor Blocks, Tensor Output) Compute(Tensor timestep)
    {
        using var scope = NewDisposeScope();
        var (rows, width) = (timestep.size(0), tables.size(2));
        var embedding = time.Apply(_sinusoids.Apply(timestep, options.Residual));
        var common = modulation.Apply(functional.silu(embedding)).view(rows, 1, LatteBlock.Parts, width);
        var blocks = common.Plus(tables).view(rows, -1, 1, width);
        var last = embedding.view(rows, 1, 1, width).Plus(output);
        return (embedding.MoveToOuterDisposeScope(), blocks.MoveToOuterDisposeScope(), last.MoveToOuterDisposeScope());
    }

    /// <summary>The text as keys and values are made of it, [rows, tokens, width].</summary>
    public Tensor Project(Tensor given)
    {
        using var scope = NewDisposeScope();
        return text.Apply(given).InType(options.DType).MoveToOuterDisposeScope();
    }
}
