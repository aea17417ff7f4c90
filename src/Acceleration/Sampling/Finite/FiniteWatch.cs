using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Looks whether what passes is finite. A sum for each row stays on the device until values are read anyway, together with which it is read: no synchronisation of its
/// own. Where reading costs nothing (the CPU), it is looked at in the step itself. What a step leaves waiting joins what earlier ones left, in one tensor.
/// </summary>
internal sealed class FiniteWatch(Sampler sampler) : IDisposable
{
    private readonly List<Mark> _marks = [];

    // What the marks stand for, row by row in their order.
    private readonly List<Tensor> _sums = [];
    private readonly bool _waits = sampler.DefersFiniteChecks ?? sampler.Denoiser.Info.Device.type != TorchSharp.DeviceType.CPU;

    /// <summary>Whether to look before a prediction is used.</summary>
    public bool LooksAtOnce => sampler.NonFinite == NonFinite.Recompute || ReadsFreely;

    /// <summary>Whether reading waits for nothing.</summary>
    public bool ReadsFreely => !_waits;

    /// <summary>Takes a sum for each row.</summary>
    /// <param name="source">What it is.</param>
    /// <param name="values">[rows, ...].</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="step">When.</param>
    /// <param name="outputs">Tells network outputs from those made up; null for other sources.</param>
    public void Note(FiniteSource source, Tensor values, RowSet rows, StepInfo step, BranchOutputs? outputs = null)
    {
        if (sampler.NonFinite == NonFinite.Ignore)
        {
            return;
        }

        using var flat = values.flatten(1);
        var made = outputs is null ? [] : rows.Positions(r => !outputs.IsReal(r.Sample, r.Branch));
        _sums.Add(flat.sum(1, type: ScalarType.Float32).DetachFromDisposeScope());
        _marks.Add(new(source, step, rows, made));
    }

    /// <summary>Joins what is pending into one tensor, at the end of a step: a long request holds no more of them than a short one.</summary>
    public void Gather()
    {
        if (_sums.Count > 1)
        {
            var all = cat(_sums, 0).DetachFromDisposeScope();
            _sums.ForEach(s => s.Dispose());
            _sums.Clear();
            _sums.Add(all);
        }
    }

    /// <summary>Reads values, and with them what is pending.</summary>
    /// <exception cref="SamplingException">Something pending is not finite.</exception>
    public float[] ReadWith(Tensor values)
    {
        if (_marks.Count == 0)
        {
            return HostReads.Floats(values);
        }

        using var scope = NewDisposeScope();
        var own = values.detach().to(ScalarType.Float32).flatten();
        var all = HostReads.Floats(cat([own, .. _sums], 0));
        var count = (int)own.numel();
        return Judge(all.AsSpan(count)) is { } bad ? throw bad.ToException() : all[..count];
    }

    /// <summary>Reads what is pending. Returns the first that is not finite, or null.</summary>
    /// <param name="trace">Where a synchronisation is counted.</param>
    public FiniteFinding? Look(StepTrace? trace)
    {
        if (_marks.Count == 0)
        {
            return null;
        }

        if (_waits && trace is not null)
        {
            trace.HostReads++;
        }

        using var scope = NewDisposeScope();
        return Judge(HostReads.Floats(_sums.Count == 1 ? _sums[0] : cat(_sums, 0)));
    }

    /// <summary>Reads what is pending and accepts nothing.</summary>
    /// <exception cref="SamplingException">Something is not finite.</exception>
    public void Require(StepTrace? trace = null)
    {
        if (Look(trace) is { } bad)
        {
            throw bad.ToException();
        }
    }

    public void Dispose()
    {
        _sums.ForEach(s => s.Dispose());
        _sums.Clear();
        _marks.Clear();
    }

    private FiniteFinding? Judge(ReadOnlySpan<float> sums)
    {
        FiniteFinding? first = null;
        var at = 0;
        foreach (var mark in _marks)
        {
            first ??= Judge(mark, sums.Slice(at, mark.Rows.Count));
            at += mark.Rows.Count;
        }

        Dispose();
        return first;
    }

    private FiniteFinding? Judge(Mark mark, ReadOnlySpan<float> sums)
    {
        var bad = new List<int>();
        for (var i = 0; i < sums.Length; i++)
        {
            if (!float.IsFinite(sums[i]))
            {
                bad.Add(i);
            }
        }

        if (bad.Count == 0)
        {
            return null;
        }

        // Rows of the network itself are the better clue where both kinds are there.
        var own = bad.Except(mark.MadeUp).ToArray();
        var rows = mark.Rows.At(own.Length > 0 ? own : [.. bad]);
        var network = sampler.Denoiser.Info;
        Site? site = mark.Source switch { FiniteSource.Network => network.Sites.Network, FiniteSource.Guided => network.Sites.Prediction, _ => null };
        return new(mark.Source, mark.Step, site, rows, own.Length == 0, [.. sampler.Strategies.Where(s => HasPart(s.Needs, mark.Source, own.Length == 0)).Select(s => s.Tag)], network.DType);
    }

    private bool HasPart(Requirements needs, FiniteSource source, bool madeUp) => source switch
    {
        FiniteSource.Network => Claims(needs, madeUp ? k => k == SiteKind.Network : k => k is not SiteKind.Network and not SiteKind.Prediction),
        FiniteSource.Guided => needs.IsGuidance || Claims(needs, k => k == SiteKind.Prediction),
        FiniteSource.Update => needs.Sites.Count == 0 && !needs.IsGuidance,
        _ => false,
    };

    private bool Claims(Requirements needs, Func<SiteKind, bool> kind) =>
        needs.Sites.Any(claim => sampler.Denoiser.Info.Sites.All.Any(s => kind(s.Kind) && claim.Where.Matches(s)));

    private sealed record Mark(FiniteSource Source, StepInfo Step, RowSet Rows, int[] MadeUp);
}
