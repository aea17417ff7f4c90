using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>One call of a split model: what the prelude made, and how parts are run with it.</summary>
/// <param name="forward">The model.</param>
/// <param name="told">Values by name, for all rows of the call.</param>
/// <param name="picture">Size of its latents, [channels, ...].</param>
internal sealed class SplitCall(SplitForward forward, IReadOnlyDictionary<string, Tensor> told, long[] picture)
{
    public SplitForward Forward => forward;

    private SplitChain Chain => forward.Manifest.Chain!;

    public Tensor this[string value] => told[value];

    /// <summary>Runs a part for the rows of an evaluation.</summary>
    /// <param name="part">The part.</param>
    /// <param name="wanted">Which of its outputs.</param>
    /// <param name="evaluation">Whose rows.</param>
    /// <param name="stream">What it is given of the stream: its first inputs.</param>
    public Tensor[] Run(SplitPart part, Range wanted, Evaluation evaluation, params ReadOnlySpan<Tensor> stream) =>
        Run(forward.Graphs.Alone(part), part.Inputs.Skip(stream.Length), wanted, evaluation, stream);

    /// <summary>The same of several as one.</summary>
    public Tensor[] Run(FusedGraph fused, Evaluation evaluation, params ReadOnlySpan<Tensor> stream) => Run(fused.Graph, fused.Told, .., evaluation, stream);

    /// <summary>Blocks in a row, of which strategies work at one alone, or at none.</summary>
    public Value Blocks(Value h, int from, int to, Evaluation evaluation)
    {
        if (forward.RunsApart || forward.Sites.Branches[from].Any(evaluation.IsHooked))
        {
            for (var i = from; i < to; i++)
            {
                h = Block(h, i, evaluation);
            }

            return h;
        }

        var fused = ChainFusion.Blocks(forward.Graphs, Chain, from, to);
        var made = Run(fused, evaluation, fused.StartsJoint ? [h.Joint(Chain.Place)] : fused.TakesText ? [h.Main, h.Text!] : [h.Main]);
        return fused.EndsJoint ? Apart(made[0], h) : new(made[0], fused.MakesText ? made[1] : h.Text);
    }

    /// <summary>
    /// A block: what each branch makes is added to the stream, by its own graph where no strategy works at it. libtorch's threads would do that sum and go on waiting for more of it, on the processors that the next graph needs.
    /// </summary>
    private Value Block(Value h, int index, Evaluation evaluation)
    {
        var block = Chain.Blocks[index];
        var sites = forward.Sites.Branches[index];
        for (var i = 0; i < block.Branches.Count; i++)
        {
            var branch = block.Branches[i];
            if (sites.Length == 0 || !evaluation.IsHooked(sites[i]))
            {
                var sum = Made(h, branch, branch.Sums, branch.ReadsText ? h.Text : null, evaluation);
                h = IsOfImage(branch) ? new(sum.Main, h.Text) : sum;
            }
            else if (IsOfImage(branch))
            {
                // The text goes no further, or there is none: what is added is the image's alone.
                var added = evaluation.At(sites[i], h.Main, (Call: this, Branch: branch, Text: branch.ReadsText ? h.Text : null), static (x, s, e) => s.Call.Made(x, s.Branch, s.Branch.Added, s.Text is null ? null : e.ForRows(s.Text), e));
                h = new(h.Main.Plus(added.Main), h.Text);
            }
            else
            {
                var added = evaluation.At(sites[i], h, (Call: this, Branch: branch), static (x, s, e) => s.Call.Made(x, s.Branch, s.Branch.Added, s.Branch.ReadsText ? x.Text : null, e));
                h = Sum(h, added, branch.IsJoint);
            }
        }

        return h;
    }

    private static bool IsOfImage(SplitBranch branch) => branch is { IsJoint: false, Part.Outputs.Count: 2 };

    private Value Made(Value h, SplitBranch branch, Range wanted, Tensor? text, Evaluation evaluation)
    {
        if (branch.IsJoint)
        {
            return Apart(Run(branch.Part, wanted, evaluation, h.Joint(Chain.Place))[0], h);
        }

        var made = text is null ? Run(branch.Part, wanted, evaluation, h.Main) : Run(branch.Part, wanted, evaluation, h.Main, text);
        return made.Length > 1 ? new(made[0], made[1]) : new(made[0]);
    }

    private Value Sum(Value h, Value added, bool isJoint)
    {
        if (!isJoint || h.Text is null)
        {
            return h.Zip(added, static (a, b) => a.Plus(b));
        }

        return Apart(h.Joint(Chain.Place).Plus(added.Joint(Chain.Place)), h);
    }

    /// <summary>Both as one tensor, as long as the value that it was made of.</summary>
    private Value Apart(Tensor joint, Value like) => like.Text is null ? joint : Value.FromJoint(joint, like.Text.size(1), Chain.Place);

    private Tensor[] Run(OnnxGraph graph, IEnumerable<string> asked, Range wanted, Evaluation evaluation, ReadOnlySpan<Tensor> stream)
    {
        var inputs = new Tensor[graph.Inputs.Count];
        for (var i = 0; i < stream.Length; i++)
        {
            inputs[i] = stream[i].contiguous();
        }

        var next = stream.Length;
        foreach (var name in asked)
        {
            inputs[next++] = forward.IsPerRow(name) ? evaluation.ForRows(told[name]).contiguous() : told[name];
        }

        return graph.Run(inputs, wanted, picture);
    }
}
