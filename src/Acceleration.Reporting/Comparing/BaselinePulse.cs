using System.Diagnostics;

namespace Acceleration.Reporting;

/// <summary>Times the baseline a few steps at a time, between runs of the others: about one more baseline in a sweep.</summary>
internal sealed class BaselinePulse(Sampler baseline, SamplingRequest request, int others) : IDisposable
{
    private readonly int _steps = Math.Max(1, (baseline.Steps + others - 1) / Math.Max(1, others));
    private readonly List<double> _shares = [];
    private SamplingSession? _session;

    public BaselinePace Pace { get; } = new();

    public static double Now => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>Takes over a run of the whole baseline, in parts of as many steps as a pulse has.</summary>
    public void Add(Trace whole, double ended)
    {
        _shares.Clear();
        _shares.AddRange(whole.Steps.Select(s => whole.MultiplyAdds > 0 ? s.MultiplyAdds / whole.MultiplyAdds : 1.0 / whole.Steps.Count));
        var begun = ended - whole.Seconds;
        foreach (var part in whole.Steps.Zip(_shares).Chunk(_steps))
        {
            Add(begun, begun += part.Sum(p => p.First.Seconds), part.Sum(p => p.Second));
        }
    }

    /// <summary>Takes a few steps.</summary>
    public void Beat(CancellationToken cancellation)
    {
        if (_session is null or { IsFinished: true })
        {
            _session?.Dispose();
            _session = baseline.Start(request);
        }

        var (first, begun) = (_session.Done, Now);
        while (_session.Done < first + _steps && !_session.IsFinished)
        {
            _session.Advance(cancellation);
        }

        ComparisonRun.Synchronize(baseline.Denoiser.Info.Device);
        Add(begun, Now, _shares[first.._session.Done].Sum());
    }

    public void Dispose() => _session?.Dispose();

    private void Add(double begun, double ended, double share)
    {
        // A step that computes nothing says nothing of the machine.
        if (share > 0)
        {
            Pace.Add(begun, ended, share);
        }
    }
}
