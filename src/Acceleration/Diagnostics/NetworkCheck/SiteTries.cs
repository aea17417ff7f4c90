using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Ways to run a body that must make what it makes at once. Each gets a copy of the input, so that one fault is found once.</summary>
internal sealed class SiteTries(SiteCall call, CheckedBody body, FindingList findings)
{
    private const string ForRows = "In a body, read per-row inputs through e.ForRows(x) of the evaluation it receives, and let no row depend on another.";
    private const string ForTokens = "In a body, read per-token inputs through e.ForTokens(x, dim), or do not declare the site TokenWise if tokens depend on one another.";
    private const string ForMixed = "In a body, read per-token inputs (positions, masks, RoPE tables) through e.ForTokens(x, dim) and take the number of tokens from the input, or do not declare the site TokenMixing if a token's place is known otherwise.";
    private const string SameAgain = "A body depends on its input and state alone.";
    private const ulong Seed = 30;

    private int Rows => call.Rows.Count;

    public void Again(Value h, Value whole)
    {
        var alive = Tensor.TotalCount;
        var done = false;
        using (NewDisposeScope())
        {
            done = Try("again", SameAgain, () => [(body.Whole(Copy(h)), whole)], exactly: true);
        }

        if (done)
        {
            findings.Leaks(call.Site, Tensor.TotalCount - alive);
        }
    }

    /// <summary>Returns the whole made of its parts, or null where a part is wrong.</summary>
    public Value? SomeRows(Value h, Value whole) => InRows("some rows, then the others", h, whole, Alternating());

    /// <inheritdoc cref="SomeRows"/>
    public Value? Pieces(Value h, Value whole) => InRows("piece by piece", h, whole, [.. Enumerable.Range(0, Rows).Chunk(2)]);

    /// <summary>The same tokens of all rows: every third, three times.</summary>
    public bool SomeTokens(Value h, Value whole, string tried = "some tokens, then the others") => InTokens(
        tried,
        h,
        whole,
        static tokens => Enumerable.Range(0, (int)Math.Min(3, tokens)).Select(first => KeptScalars.Range(first, tokens, 3, ScalarType.Int64)));

    /// <summary>Other tokens in each row: a random half, then the others.</summary>
    public bool TokensOfEachRow(Value h, Value whole) => InTokens("tokens that differ from row to row", h, whole, tokens =>
    {
        using var generator = new Generator(Seed);
        return rand([h.Main.size(0), tokens], generator: generator).argsort(1).chunk(2, 1);
    });

    /// <summary>Tokens of the layout here; -1 where there is none.</summary>
    public long Tokens => call.Layout?.Tokens ?? -1;

    /// <summary>The same tries, with what they find in a list of their own.</summary>
    public (SiteTries Tries, FindingList Found) Apart() => findings.Apart() is var found ? (new(call, body, found), found) : default;

    /// <summary>All tokens in another order, then every second one alone: of fewer, what mixes tokens makes nothing that could be compared.</summary>
    public bool MixedTokens(Value h, Value whole) =>
        InTokens("tokens in another order", h, whole, static tokens => [KeptScalars.Range(tokens, ScalarType.Int64).flip(0)], ForMixed)
        && Try("some tokens alone", ForMixed, () =>
        {
            var selection = new TokenSelection(h.Main.size(1), KeptScalars.Range(0, h.Main.size(1), 2, ScalarType.Int64).to(h.Main.device));
            var part = body.Site!.InvokeTokens(new(selection.Take(h.Main, 1).clone(), h.Text?.clone()), selection);
            var expected = new Value(selection.Take(whole.Main, 1), whole.Text);
            return [(Difference.OfShapes(part, expected) is null ? expected : part, expected)];
        });

    public void Ranges(Value h, Value whole)
    {
        var chain = body.Chain!;
        Try("in two ranges", SameAgain, () => [(chain.Invoke(chain.Invoke(Copy(h), 0, chain.Count / 2), chain.Count / 2, chain.Count), whole)]);
    }

    public void RangesOfRows(Value h, Value whole)
    {
        var chain = body.Chain!;
        Try("in two ranges of some rows", ForRows, () =>
        {
            var half = chain.Count - (chain.Count / 2);
            var early = Together(Alternating(), positions => chain.InvokeRows(Copy(h), positions, 0, half));
            return [(Together(Alternating(), positions => chain.InvokeRows(early, positions, half, chain.Count)), whole)];
        });
    }

    private Value? InRows(string tried, Value h, Value whole, int[][] parts)
    {
        var done = new List<Value>();
        var same = Try(tried, ForRows, () => parts.Select(positions =>
        {
            done.Add(body.Rows(Copy(h), positions));
            return (done[^1], call.Rows.Take(whole, positions));
        }));
        return same ? Together(parts, positions => done[Array.IndexOf(parts, positions)]) : default(Value?);
    }

    private bool InTokens(string tried, Value h, Value whole, Func<long, IEnumerable<Tensor>> choose, string hint = ForTokens)
    {
        var tokens = h.Main.size(1);
        return Try(tried, hint, () => choose(tokens).Select(index =>
        {
            // Text is not reduced, and what one part makes of it every part does.
            var selection = new TokenSelection(tokens, index.to(h.Main.device));
            var part = body.Site!.InvokeTokens(new(selection.Take(h.Main, 1).clone(), h.Text?.clone()), selection);
            return (part, new Value(selection.Take(whole.Main, 1), whole.Text));
        }));
    }

    /// <summary>Puts the outputs of parts of the rows in the order of the rows.</summary>
    private Value Together(int[][] parts, Func<int[], Value> output)
    {
        var order = parts.SelectMany(positions => positions).ToArray();
        var joined = Value.Concat([.. parts.Select(output)]);
        return call.Rows.Take(joined, [.. Enumerable.Range(0, Rows).Select(row => Array.IndexOf(order, row))]);
    }

    private bool Try(string tried, string hint, Func<IEnumerable<(Value Actual, Value Expected)>> parts, bool exactly = false)
    {
        var (evaluation, layout) = (call.Evaluation, call.Layout);
        try
        {
            return findings.Compare(call.Site, tried, parts(), hint, exactly);
        }
        catch (Exception error)
        {
            // The call goes on with the whole: what the exception left open is closed here.
            findings.Fail(call.Site, tried, error, evaluation.Call.Current, hint);
            (evaluation.Layout, evaluation.Call.Current) = (layout, call.Site);
            return false;
        }
    }

    private int[][] Alternating() => [[.. Enumerable.Range(0, Rows).Where(i => i % 2 == 1)], [.. Enumerable.Range(0, Rows).Where(i => i % 2 == 0)]];

    private static Value Copy(Value h) => h.Map(static t => t.clone());
}
