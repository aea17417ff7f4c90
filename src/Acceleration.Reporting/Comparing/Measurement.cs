namespace Acceleration.Reporting;

/// <summary>What is known of a contestant while a comparison runs.</summary>
internal sealed class Measurement(Contestant contestant)
{
    public Contestant Contestant => contestant;

    public List<double> Seconds { get; } = [];

    /// <summary>Of the latest run: decisions are the same in each, while the first meets more cold code.</summary>
    public Trace Trace { get; set; } = new();

    /// <summary>Of the first run.</summary>
    public PictureVerdict? Verdict { get; set; }

    public bool Reproducible { get; set; } = true;
}
