namespace Acceleration.Onnx;

/// <summary>What is wrong with a manifest that JSON's reader lets pass: it contradicts itself, leaves something out, or names what cannot lie beside it.</summary>
internal static class ManifestProblem
{
    /// <summary>The first problem and what would be right; null where there is none.</summary>
    public static string? Of(SplitManifest manifest) => Form(manifest) ?? Files(manifest) ?? Values(manifest) ?? (manifest.Chain is { } chain ? Chain(manifest, chain) : Cuts(manifest));

    private static string? Form(SplitManifest manifest)
    {
        if ((manifest.Chain is null) == (manifest.Cuts.Count == 0))
        {
            return manifest.Chain is null ? "it has neither a chain of blocks nor cuts." : "it has a chain of blocks and cuts, where a model has the one or the other.";
        }

        if (manifest.Chain is { } chain && (chain.Blocks.Count == 0 || chain.Blocks.Any(b => b is null || b.Branches.Count == 0 || b.Branches.Contains(null!))))
        {
            return "each block has a branch at least, and a chain has a block; here one is empty.";
        }

        return manifest.Cuts.Contains(null!) ? "one of its cuts is null." : null;
    }

    private static string? Files(SplitManifest manifest)
    {
        if (!IsPlain(manifest.Model))
        {
            return $"'model' is '{manifest.Model}', where the file name of the whole model is expected, without a folder.";
        }

        var files = new HashSet<string>();
        foreach (var part in manifest.Parts)
        {
            if (!IsPlain(part.File) || !files.Add(part.File))
            {
                return IsPlain(part.File) ? $"two of its parts are the graph '{part.File}', where each has one of its own." : $"the graph '{part.File}' must lie beside it.";
            }
        }

        return null;
    }

    private static bool IsPlain(string file) => file is not ("" or "." or "..") && Path.GetFileName(file) == file && !file.Contains('\\') && !file.Contains('\0');

    /// <summary>Parts are told what the prelude makes.</summary>
    private static string? Values(SplitManifest manifest)
    {
        if (manifest.Parts.SelectMany(p => p.Inputs.Concat(p.Outputs)).Concat(manifest.PerRow).Any(string.IsNullOrEmpty))
        {
            return "one of the values that it names has no name.";
        }

        var told = manifest.Prelude.Outputs.ToHashSet();
        if (told.Count < manifest.Prelude.Outputs.Count || manifest.PerRow.Any(v => !told.Contains(v)))
        {
            return told.Count < manifest.Prelude.Outputs.Count ? $"'{manifest.Prelude.File}' makes a value twice." : $"'{manifest.PerRow.First(v => !told.Contains(v))}' of 'perRow' is none that '{manifest.Prelude.File}' makes.";
        }

        if (manifest.Tail.Outputs is not [var last] || last != manifest.Output)
        {
            return $"'{manifest.Tail.File}' makes {string.Join(", ", manifest.Tail.Outputs)}, where it makes the prediction '{manifest.Output}' and no more.";
        }

        foreach (var (part, stream) in Given(manifest))
        {
            if (part.Inputs.Count < stream)
            {
                return $"'{part.File}' reads {part.Inputs.Count} values, where {stream} of the stream come first.";
            }

            if (part.Inputs.Skip(stream).FirstOrDefault(v => !told.Contains(v)) is { } missing)
            {
                return $"'{part.File}' reads '{missing}', which '{manifest.Prelude.File}' does not make.";
            }
        }

        return Begins(manifest).FirstOrDefault(v => !told.Contains(v)) is { } begin ? $"the stream begins as '{begin}', which '{manifest.Prelude.File}' does not make." : null;
    }

    /// <summary>Parts behind the prelude, and how many values of the stream each is given first.</summary>
    private static IEnumerable<(SplitPart Part, int Stream)> Given(SplitManifest manifest) =>
    [
        .. manifest.Chain?.Blocks.SelectMany(b => b.Branches).Select(b => (b.Part, b.ReadsText ? 2 : 1)) ?? [],
        .. manifest.Cuts.Where(c => c.Down is not null).Select(c => (c.Down!, 1)),
        .. manifest.Cuts.Select(c => (c.Up, c.Down is null ? 1 : 2)),
        (manifest.Tail, manifest.Chain is null ? 2 : 1),
    ];

    private static IEnumerable<string> Begins(SplitManifest manifest) => manifest.Chain is { } chain ? chain.Text is { } text ? [chain.Main, text] : [chain.Main] : [manifest.Cuts[0].Skip];

    private static string? Chain(SplitManifest manifest, SplitChain chain)
    {
        if (!Enum.IsDefined(chain.Place))
        {
            return $"'place' is {(int)chain.Place}, where {string.Join(" or ", Enum.GetNames<TextPlace>()).ToLowerInvariant()} is expected.";
        }

        if (chain.Text is null && (chain.EndsJoint || chain.Blocks.SelectMany(b => b.Branches).Any(b => b.ReadsText || b.IsJoint)))
        {
            return "a part of it is given a text, and 'text' does not say which.";
        }

        var joint = false;
        foreach (var branch in chain.Blocks.SelectMany(b => b.Branches))
        {
            if (joint && !branch.IsJoint)
            {
                return $"'{branch.Part.File}' is given image and text apart, behind a part that is given both as one.";
            }

            joint = branch.IsJoint;
            if (branch.Kind is not (SiteKind.SelfAttention or SiteKind.CrossAttention or SiteKind.FeedForward))
            {
                return $"'{branch.Part.File}' is of kind {branch.Kind}, where selfAttention, crossAttention or feedForward is expected.";
            }

            // What is added to the image and, where it is given it apart, to the text; then both sums.
            if (branch.Part.Outputs.Count != 2 && (branch.Part.Outputs.Count != 4 || !branch.ReadsText))
            {
                return $"'{branch.Part.File}' makes {branch.Part.Outputs.Count} values, where {(branch.ReadsText ? "2 or 4 are" : "2 are")} expected: what is added to the stream, and the sum.";
            }

            if (branch.ReadsText && branch.IsJoint)
            {
                return $"'{branch.Part.File}' is given the text in the stream and beside it, where it is the one or the other.";
            }
        }

        return joint && !chain.EndsJoint ? "the chain ends with image and text as one, and 'endsJoint' says otherwise." : null;
    }

    private static string? Cuts(SplitManifest manifest)
    {
        for (var k = 0; k < manifest.Cuts.Count; k++)
        {
            var (cut, isInnermost) = (manifest.Cuts[k], k == manifest.Cuts.Count - 1);
            if ((cut.Down is null) != isInnermost)
            {
                return $"cut {k} has {(isInnermost ? "a part" : "no part")} that leads down, where all but the innermost have one.";
            }

            if (cut.Up.Outputs.Count != 1 || cut.Down is { Outputs.Count: not 1 })
            {
                return $"the parts of cut {k} make one value each.";
            }

            if (cut.Channels < 1)
            {
                return $"cut {k} makes {cut.Channels} channels, where 1 or more are expected.";
            }
        }

        return null;
    }
}
