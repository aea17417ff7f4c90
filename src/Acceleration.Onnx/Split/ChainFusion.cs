using Acceleration.Onnx.Schema;

namespace Acceleration.Onnx;

/// <summary>Blocks of a chain as one graph, alone or with all that is before and behind.</summary>
internal static class ChainFusion
{
    /// <summary>Blocks from the first to before the second number.</summary>
    public static FusedGraph Blocks(PartGraphs graphs, SplitChain chain, int from, int to) => graphs.Fused($"blocks-{from}-{to - 1}", models =>
    {
        SplitBranch[] branches = [.. chain.Blocks.Skip(from).Take(to - from).SelectMany(b => b.Branches)];
        var fusion = new Fusion();
        var startsJoint = branches[0].IsJoint;
        var takesText = !startsJoint && branches.Any(b => b.ReadsText || b.IsJoint);
        var given = Given(fusion, models.Of(branches[0].Part).Model.Graph.Input[0]);
        Named? text = takesText ? Text(fusion, models, branches, given) : null;
        var stream = Append(fusion, models, chain, branches, startsJoint ? new(null, null, given) : new(given, text, null));
        var makesText = stream.Text is not null && stream.Text != text;
        Named[] outputs = stream.Joint is { } joint ? [joint] : makesText ? [stream.Main!.Value, stream.Text!.Value] : [stream.Main!.Value];
        return (fusion.Finish(outputs), g => new(g, fusion.Asked) { StartsJoint = startsJoint, TakesText = takesText, EndsJoint = stream.Joint is not null, MakesText = makesText });
    });

    /// <summary>The whole model.</summary>
    public static FusedGraph Whole(PartGraphs graphs, SplitManifest manifest) => graphs.Fused("whole", models =>
    {
        var chain = manifest.Chain!;
        var fusion = new Fusion();
        fusion.Begin(models.Of(manifest.Prelude));
        var stream = Append(fusion, models, chain, [.. chain.Blocks.SelectMany(b => b.Branches)], new(fusion.Told(chain.Main), chain.Text is { } text ? fusion.Told(text) : null, null));
        return (fusion.Finish(fusion.Append(models.Of(manifest.Tail), chain.EndsJoint ? stream.Joint ?? Join(fusion, chain, stream) : stream.Main!.Value)), g => new(g, fusion.Asked));
    });

    private static Stream Append(Fusion fusion, PartModels models, SplitChain chain, IReadOnlyList<SplitBranch> branches, Stream stream)
    {
        foreach (var branch in branches)
        {
            var part = models.Of(branch.Part);
            if (branch.IsJoint)
            {
                stream = new(null, null, fusion.Append(part, stream.Joint ?? Join(fusion, chain, stream))[^1]);
            }
            else
            {
                var sums = fusion.Append(part, branch.ReadsText ? [stream.Main!.Value, stream.Text!.Value] : [stream.Main!.Value])[branch.Sums];
                stream = new(sums[0], sums.Length > 1 ? sums[1] : stream.Text, null);
            }
        }

        return stream;
    }

    private static Named Given(Fusion fusion, ValueInfoProto like) => fusion.Input(new(like.Name, like));

    /// <summary>The text as the first part that reads it has it; where it is only joined, of the image's form but for its length.</summary>
    private static Named Text(Fusion fusion, PartModels models, IReadOnlyList<SplitBranch> branches, Named main)
    {
        if (branches.FirstOrDefault(b => b.ReadsText) is { } reads)
        {
            return Given(fusion, models.Of(reads.Part).Model.Graph.Input[1]);
        }

        var like = main.Like.Clone();
        like.Name = "text/fused";
        like.Type.TensorType.Shape.Dim[1] = new() { DimParam = "text" };
        return Given(fusion, like);
    }

    private static Named Join(Fusion fusion, SplitChain chain, Stream stream)
    {
        var (main, text) = (stream.Main!.Value, stream.Text!.Value);
        return chain.Place == TextPlace.Before ? fusion.Join(text, main) : fusion.Join(main, text);
    }

    /// <summary>What goes on: image and text apart, or both as one tensor.</summary>
    private readonly record struct Stream(Named? Main, Named? Text, Named? Joint);
}
