using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Rows of the correction: branches, each for some samples, in the order in which their tensors are put together.</summary>
internal sealed class CorrectionRows(params IReadOnlyList<(int Branch, IReadOnlyList<int> Samples)> branches)
{
    public RowSet Rows { get; } = new([.. branches.SelectMany(b => b.Samples.Select(s => new RowId(s, b.Branch)))]);

    /// <summary>One tensor for all rows, from one for some samples of a branch.</summary>
    public Tensor Of(Func<int, IReadOnlyList<int>, Tensor> part) => branches is [var (branch, samples)] ? part(branch, samples) : cat([.. branches.Select(b => part(b.Branch, b.Samples))], 0);

    /// <summary>The correction of these rows, with what is the same for all branches as input.</summary>
    public WhenCall Call(BranchOutputs outputs, Func<IReadOnlyList<int>, Tensor> input) => new(outputs.Correction(Rows), new(Of((_, samples) => input(samples))));
}
