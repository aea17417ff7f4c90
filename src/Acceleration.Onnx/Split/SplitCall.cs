using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>One call of a split model: what the prelude made, and how parts are run with it.</summary>
/// <param name="forward">The model.</param>
/// <param name="told">Values by name, for all rows of the call.</param>
/// <param name="picture">Size of its latents, [channels, ...].</param>
internal sealed class SplitCall(SplitForward forward, IReadOnlyDictionary<string, Tensor> told, long[] picture)
{
    public SplitForward Forward => forward;

    public Tensor this[string value] => told[value];

    /// <summary>Runs a part for the rows of an evaluation.</summary>
    /// <param name="part">The part.</param>
    /// <param name="wanted">Which of its outputs.</param>
    /// <param name="evaluation">Whose rows.</param>
    /// <param name="stream">What it is given of the stream: its first inputs.</param>
    public Tensor[] Run(SplitPart part, Range wanted, Evaluation evaluation, params ReadOnlySpan<Tensor> stream)
    {
        var inputs = new Tensor[part.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (i < stream.Length)
            {
                inputs[i] = stream[i].contiguous();
                continue;
            }

            var value = told[part.Inputs[i]];
            inputs[i] = forward.IsPerRow(part.Inputs[i]) ? evaluation.ForRows(value).contiguous() : value;
        }

        return forward.Graph(part).Run(inputs, wanted, picture);
    }

    /// <summary>
    /// A block: what each branch makes is added to the stream, by its own graph where no strategy works at it. libtorch's threads would do that sum and go on waiting for more of it, on the processors that the next graph needs.
    /// </summary>
    public Value Block(Value h, int index, Evaluation evaluation)
    {
        var block = forward.Chain.Blocks[index];
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

    /// <summary>A cut: down, the next cut, up.</summary>
    private Value Cut(Value h, int index, Evaluation evaluation)
    {
        var cut = forward.Cuts[index];
        if (cut.Down is null)
        {
            return Run(cut.Up, .., evaluation, h.Main)[0];
        }

        var skip = Run(cut.Down, .., evaluation, h.Main)[0];
        return Run(cut.Up, .., evaluation, Inside(skip, index + 1, evaluation), skip)[0];
    }

    /// <summary>A cut at its site. Skipping it leaves nothing beside the skip connection: the identity would give that twice.</summary>
    public Tensor Inside(Tensor skip, int index, Evaluation evaluation) => evaluation.At(
        forward.Sites.Cuts[index], skip, (Call: this, Index: index),
        static (x, s, e) => s.Call.Cut(x, s.Index, e),
        drop: static (x, s, _) => zeros([x.Main.size(0), s.Call.Forward.Cuts[s.Index].Channels, .. x.Main.shape[2..]], dtype: x.Main.dtype, device: x.Main.device)).Main;

    private static bool IsOfImage(SplitBranch branch) => branch is { IsJoint: false, Part.Outputs.Count: 2 };

    private Value Made(Value h, SplitBranch branch, Range wanted, Tensor? text, Evaluation evaluation)
    {
        var place = forward.Chain.Place;
        if (branch.IsJoint)
        {
            var joint = Run(branch.Part, wanted, evaluation, h.Joint(place))[0];
            return h.Text is null ? joint : Value.FromJoint(joint, h.Text.size(1), place);
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

        var place = forward.Chain.Place;
        return Value.FromJoint(h.Joint(place).Plus(added.Joint(place)), h.Text.size(1), place);
    }
}
