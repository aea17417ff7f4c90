namespace Acceleration;

/// <summary>Reports the steps of one session, and the bytes its strategies hold for as long as they do.</summary>
internal sealed class SessionMeter(Sampler sampler)
{
    private long _held;

    public void Step(StepTrace step)
    {
        var network = new KeyValuePair<string, object?>(TagNames.Network, sampler.Denoiser.Info.Name);
        Instruments.Evaluations.Add(step.ComputedRows, network);
        Instruments.Skipped.Add(Math.Max(0, step.Rows - step.ComputedRows), network);
        Hold(step.CacheBytes);
    }

    public void End(Trace trace)
    {
        Hold(0);
        if (trace.PeakCacheBytes > 0)
        {
            Instruments.PeakCacheSize.Record(trace.PeakCacheBytes, new KeyValuePair<string, object?>(TagNames.Network, sampler.Denoiser.Info.Name));
        }
    }

    private void Hold(long bytes)
    {
        // What was told while somebody listened is taken back even if nobody does now.
        if (bytes != _held && (Instruments.CacheSize.Enabled || _held > 0))
        {
            Instruments.CacheSize.Add(bytes - _held, new KeyValuePair<string, object?>(TagNames.Network, sampler.Denoiser.Info.Name));
            _held = bytes;
        }
    }
}
