using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Fits spans one after another on runs that use those fitted before, so that each corrects what the earlier ones left. Lists of steps that begin alike share their beginning.
/// </summary>
internal sealed class ForecastWalk(ForecastCalibration.Probe probe, IReadOnlyList<ForecastBatch> batches, int steps, bool variance) : IDisposable
{
    private readonly List<ForecastStop> _stops = [];
    private readonly List<ForecastSpan> _spans = [];
    private readonly List<Tensor> _ends = [];

    /// <summary>Fits a list of steps, the first of which is 0.</summary>
    public ForecastFit Fit(IReadOnlyList<ForecastStep> list, CancellationToken cancellation)
    {
        using var _ = no_grad();
        Shorten(list);
        IReadOnlyList<SamplingSession>? arrived = null;
        try
        {
            for (var i = Math.Max(0, _stops.Count - 1); i < list.Count; i++)
            {
                if (i == _stops.Count)
                {
                    arrived ??= [.. batches.Select(b => b.Start.Clone())];
                    _stops.Add(Evaluate(list[i], arrived, cancellation));
                    arrived = null;
                }

                _spans.RemoveRange(i, _spans.Count - i);
                (var span, arrived) = Leave(_stops[i], i + 1 < list.Count ? list[i + 1].Step : steps, cancellation);
                _spans.Add(span);
            }

            _ends.ForEach(e => e.Dispose());
            _ends.Clear();
            _ends.AddRange(arrived!.Select(a => a.Latents.clone().DetachFromDisposeScope()));
        }
        finally
        {
            foreach (var session in arrived ?? [])
            {
                session.Dispose();
            }
        }

        return new(new([.. _spans]), [.. list], Decibels());
    }

    /// <summary>Lets each sample count by the error that the last fit left it: what is measured in decibels is a sample's own, and hard samples would have most of the say.</summary>
    public void Weigh()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var errors = batches.Zip(_ends, (b, e) => b.Error(e, steps)).ToArray();
        // Above 0 also where all is met exactly.
        var floor = cat(errors, 0).median().Times(0.3).Plus(1e-20);
        foreach (var (batch, error) in batches.Zip(errors))
        {
            batch.Weights?.Dispose();
            batch.Weights = error.Plus(floor).rsqrt().view([error.size(0), .. Enumerable.Repeat(1L, (int)batch.Latents[0].ndim - 1)]).DetachFromDisposeScope();
        }

        Shorten([]);
    }

    public void Dispose()
    {
        Shorten([]);
        _ends.ForEach(e => e.Dispose());
    }

    private void Shorten(IReadOnlyList<ForecastStep> list)
    {
        var same = 0;
        while (same < list.Count && same < _stops.Count && _stops[same].At == list[same])
        {
            same++;
        }

        _stops[same..].ForEach(s => s.Dispose());
        _stops.RemoveRange(same, _stops.Count - same);
    }

    private double Decibels()
    {
        using var scope = NewDisposeScope();
        return batches.Zip(_ends, (b, e) => HostReads.Doubles(ForecastBatch.Squares(b.Latents[steps]) / b.Error(e, steps))).SelectMany(r => r).Average(r => 10 * Math.Log10(r));
    }

    /// <summary>Asks the network on sessions that have come to a step. The sessions are the stop's, unless it fails.</summary>
    private ForecastStop Evaluate(ForecastStep at, IReadOnlyList<SamplingSession> sessions, CancellationToken cancellation)
    {
        var places = new List<ForecastStop.Place>();
        try
        {
            for (var i = 0; i < sessions.Count; i++)
            {
                using var asked = sessions[i].Clone();
                var seen = Ask(asked, at, cancellation);
                var before = _stops.Count == 0 ? null : _stops[^1].Places[i];
                places.Add(new(sessions[i], seen.Latents, With(seen.Conditional, before?.Conditional), With(seen.Unconditional, before?.Unconditional)));
            }
        }
        catch
        {
            places.ForEach(p => p.Dispose());
            throw;
        }

        return new(at, places);

        static IReadOnlyList<Tensor> With(Tensor? newest, IReadOnlyList<Tensor>? before)
        {
            var again = (before ?? []).Select(t => t.alias().DetachFromDisposeScope());
            return newest is null ? [.. again] : [newest, .. again];
        }
    }

    private (Tensor Latents, Tensor? Conditional, Tensor? Unconditional) Ask(SamplingSession session, ForecastStep at, CancellationToken cancellation)
    {
        probe.Evaluates = at.Evaluates;
        using var nothing = at.Evaluates == EvaluatedBranches.None ? zeros_like(session.Latents) : null;
        try
        {
            Take(session, nothing, at.Step + 1, cancellation);
            return probe.Seen!.Value;
        }
        finally
        {
            (probe.Seen, probe.Evaluates) = (null, EvaluatedBranches.All);
        }
    }

    /// <summary>Chooses the output with which the latents come closest to full evaluation's when they arrive, and goes there.</summary>
    private (ForecastSpan Span, IReadOnlyList<SamplingSession> Arrived) Leave(ForecastStop from, int to, CancellationToken cancellation)
    {
        var sums = new ForecastSums(from.Places[0].Terms.Count);
        foreach (var (place, batch) in from.Places.Zip(batches))
        {
            using var scope = NewDisposeScope();
            // A solver's steps are affine in the output, the same number for all elements: two answers tell it.
            var (rest, all) = (Go(place, zeros_like(place.Latents), to, cancellation), Go(place, ones_like(place.Latents), to, cancellation));
            var response = all - rest;
            sums.Add([.. place.Terms.Select(t => t * response), batch.Latents[to] - rest], batch.Weights);
        }

        var weights = sums.Solve();
        var conditional = from.Places[0].Conditional.Count;
        ForecastSpan span = new(from.At.Step, from.At.Evaluates, weights[0], weights[1..(1 + conditional)], weights[(1 + conditional)..]);
        var arrived = new List<SamplingSession>();
        try
        {
            foreach (var place in from.Places)
            {
                using var scope = NewDisposeScope();
                arrived.Add(place.Session.Clone());
                Take(arrived[^1], WeightedSum.Of(place.Terms, [.. weights.Select(w => new[] { w })]).to(place.Latents.dtype), to, cancellation);
            }
        }
        catch
        {
            arrived.ForEach(a => a.Dispose());
            throw;
        }

        return (span, arrived);
    }

    private Tensor Go(ForecastStop.Place place, Tensor answer, int to, CancellationToken cancellation)
    {
        using var session = place.Session.Clone();
        Take(session, answer, to, cancellation);
        return session.Latents.clone();
    }

    /// <summary>Advances with one answer, or evaluating where there is none.</summary>
    private void Take(SamplingSession session, Tensor? answer, int to, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        // Nobody asks for the variance in a fit; it has to be there.
        probe.Answer = variance && answer is not null ? cat([answer, zeros_like(answer)], 1) : answer;
        try
        {
            while (!session.IsFinished && session.Step < to)
            {
                session.Advance(cancellation);
            }
        }
        finally
        {
            probe.Answer = null;
        }
    }
}
