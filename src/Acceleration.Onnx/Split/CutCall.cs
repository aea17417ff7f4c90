using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>One call of a split UNet in which strategies work at cuts.</summary>
/// <param name="call">What the prelude made, and how graphs are run with it.</param>
internal sealed class CutCall(SplitCall call)
{
    private SplitForward Forward => call.Forward;

    private IReadOnlyList<SplitCut> Cuts => Forward.Manifest.Cuts;

    public Tensor Run(Evaluation evaluation) => From(null, call[Cuts[0].Skip], evaluation);

    /// <summary>What a cut makes of what it is given; with null the prediction, of what the outermost is given.</summary>
    private Tensor From(int? outer, Tensor skip, Evaluation evaluation)
    {
        var first = outer is { } o ? o + 1 : 0;
        var site = Enumerable.Range(first, Cuts.Count - first).FirstOrDefault(k => Forward.RunsApart || evaluation.IsHooked(Forward.Sites.Cuts[k]), Cuts.Count);
        if (site == Cuts.Count)
        {
            return call.Run(CutFusion.Through(Forward.Graphs, Cuts, outer!.Value), evaluation, skip)[0];
        }

        // Of the outermost its own input, then what each cut on the way is given.
        var top = outer ?? 0;
        Tensor[] skips = site > top ? [skip, .. call.Run(CutFusion.Down(Forward.Graphs, Cuts, top, site), evaluation, skip)] : [skip];
        var inside = Inside(skips[^1], site, evaluation);
        Tensor[] given = [inside, .. skips.Skip(outer is null ? 0 : 1).Reverse()];
        return call.Run(CutFusion.Up(Forward.Graphs, Forward.Manifest, site, outer), evaluation, given)[0];
    }

    /// <summary>A cut at its site. Skipping it leaves nothing beside the skip connection: the identity would give that twice.</summary>
    private Tensor Inside(Tensor skip, int cut, Evaluation evaluation) => evaluation.At(
        Forward.Sites.Cuts[cut], skip, (Call: this, Cut: cut),
        static (x, s, e) => s.Call.From(s.Cut, x.Main, e),
        drop: static (x, s, _) => zeros([x.Main.size(0), s.Call.Cuts[s.Cut].Channels, .. x.Main.shape[2..]], dtype: x.Main.dtype, device: x.Main.device)).Main;
}
