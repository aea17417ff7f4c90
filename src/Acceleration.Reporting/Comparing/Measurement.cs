namespace Acceleration.Reporting;

/// <summary>What is known of a contestant while a comparison runs.</summary>
internal sealed class Measurement(Contestant contestant)
{
    public Contestant Contestant => contestant;

    /// <summary>Beginning and end of each run, in seconds of <see cref="BaselinePulse.Now"/>.</summary>
    public List<(double Begun, double Ended)> Runs { get; } = [];

    /// <summary>Of the latest run: decisions are the same in each, while the first meets more cold code.</summary>
    public Trace Trace { get; private set; } = new();

    /// <summary>Of the first run.</summary>
    public PictureVerdict? Verdict { get; set; }

    public bool Reproducible { get; set; } = true;

    public void Add(double begun, double ended, Trace trace)
    {
        Runs.Add((begun, ended));
        Trace = trace;
    }

    public void Keep(int sweeps) => Runs.RemoveRange(sweeps, Runs.Count - sweeps);
}
