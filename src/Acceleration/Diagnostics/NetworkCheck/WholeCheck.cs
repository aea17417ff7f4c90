using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The network as a whole, before any site: it finishes, says the same again, keeps its inputs and leaves nothing behind.</summary>
internal sealed class WholeCheck(IDenoiser network, CheckInputs inputs, FindingList findings)
{
    private const string Plain = "plain call";
    private readonly Site _site = network.Info.Sites.Network;

    /// <summary>The network with its plain output, or null where there is none to compare with.</summary>
    public CheckedNetwork? Run()
    {
        using var latents = inputs.Latents.clone();
        using var times = inputs.Times.clone();

        // The first call may make tables that the network keeps, and measure operators.
        var output = First();
        if (output is null)
        {
            return null;
        }

        var unchanged = Difference.Relative(inputs.Latents, latents) == 0 && Difference.Relative(inputs.Times, times) == 0;
        findings.Require(_site, "inputs unchanged", unchanged, "latents or times are changed in place: compute into new tensors.");
        if (!unchanged)
        {
            return null;
        }

        var repeats = Again(output);
        if (repeats)
        {
            Rows(output);
        }

        return new(network, inputs) { Plain = output, Repeats = repeats };
    }

    private Tensor? First()
    {
        var (output, _, error, at) = CheckedNetwork.Call(network, inputs);
        if (error is not null)
        {
            findings.Fail(_site, Plain, error, at);
            return null;
        }

        var expected = inputs.Latents.shape;
        expected[1] *= network.Info.LearnedVariance ? 2 : 1;
        if (!output!.shape.AsSpan().SequenceEqual(expected))
        {
            findings.Fail(_site, Plain, $"the output is {Difference.Name(output)}, expected [{string.Join(", ", expected)}].");
            return null;
        }

        using var all = output.isfinite().all();
        var finite = HostReads.Bools(all)[0];
        findings.Require(_site, Plain, finite, "the output has values that are not finite.");
        return finite ? output : null;
    }

    /// <summary>Guidance, caches and batches run a network on some of its rows: each row is a matter of its own.</summary>
    private void Rows(Tensor output)
    {
        const string Tried = "some rows, then the others";
        using var scope = NewDisposeScope();
        var parts = new List<(Value, Value)>();
        foreach (var positions in Enumerable.Range(0, inputs.Rows.Count).GroupBy(i => i % 2).Select(g => g.ToArray()))
        {
            using var some = inputs.At(positions);
            var (part, _, error, at) = CheckedNetwork.Call(network, some);
            if (error is not null)
            {
                findings.Fail(_site, Tried, error, at, "A network takes any number of rows.");
                return;
            }

            parts.Add((new(part!), new(inputs.Rows.Take(output, positions))));
        }

        findings.Compare(_site, Tried, parts, "No row may depend on another: a mean, a norm or an attention over dimension 0 mixes them, and a buffer made for a number of rows keeps them.");
    }

    private bool Again(Tensor output)
    {
        var same = false;
        var alive = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var (again, _, error, at) = CheckedNetwork.Call(network, inputs);
            if (error is null)
            {
                same = findings.Compare(_site, "again", again!, output, "A network keeps no state between calls.", exactly: true);
            }
            else
            {
                findings.Fail(_site, "again", error, at);
            }
        }

        findings.Leaks(_site, Tensor.TotalCount - alive);
        return same;
    }
}
