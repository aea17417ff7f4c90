using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Whether blocks and attentions run on the tokens that the layout tells of: where they do not, token methods leave them alone.</summary>
internal static class LayoutCheck
{
    public static void Run(CheckedNetwork network, FindingList findings)
    {
        using var scope = NewDisposeScope();
        var notes = new List<(string Note, Site Site)>();
        network.Call(
            new CheckHook((at, h, body) =>
            {
                if (h.Main.ndim == 3 && Misfit(network.Info, at.Layout, h.Main.size(1)) is { } note)
                {
                    notes.Add((note, at.Site));
                }

                return body.Whole(h);
            }),
            network.Sites.Where(s => s.Kind is SiteKind.Block or SiteKind.SelfAttention),
            HookPhase.Cache);
        foreach (var same in notes.GroupBy(n => n.Note))
        {
            findings.Note($"{same.First().Site}{(same.Count() > 1 ? $" and {same.Count() - 1} more" : "")}: {same.Key}");
        }
    }

    private static string? Misfit(DenoiserInfo info, TokenLayout? layout, long tokens)
    {
        if (layout is null)
        {
            return "no layout is stated: token methods and attention patterns do nothing there. Set e.Layout.";
        }

        // Frames, or places, may be rows of their own.
        return layout.SpecialPerFrame != info.SpecialPerFrame ? $"the layout has {layout.SpecialPerFrame} special tokens per frame, and Info.SpecialPerFrame says {info.SpecialPerFrame}: the network's cost is taken for the one, its sites' for the other."
            : tokens == layout.Tokens || tokens == layout.Tokens / layout.Frames || (layout.Frames > 1 && tokens == layout.Frames) ? null
            : layout.TextLength > 0 && tokens == layout.Tokens + layout.TextLength ? $"the {tokens} tokens include those of the text: token methods do nothing there. Value.FromJoint shows them the two apart."
            : $"{tokens} tokens come in, the layout is of {layout.Tokens}: token methods and attention patterns do nothing there. Tokens that are no patches are stated by Info.SpecialPerFrame.";
    }
}
