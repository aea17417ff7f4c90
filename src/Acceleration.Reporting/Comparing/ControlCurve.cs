namespace Acceleration.Reporting;

/// <summary>
/// PSNR of the fewer-steps controls over their speed-up, linear in between over the logarithm of the speed-up. Nothing is extrapolated.
/// </summary>
public sealed class ControlCurve
{
    private readonly (double Log, double Psnr, double Steps)[] _points;

    /// <summary>Makes the curve of measured controls.</summary>
    /// <param name="controls">Speed-up (above 0), PSNR in dB and step count of each, in any order.</param>
    public ControlCurve(IEnumerable<(double Speedup, double Psnr, int Steps)> controls) =>
        _points = [.. controls.Select(c => (Math.Log(c.Speedup), c.Psnr, (double)c.Steps)).OrderBy(c => c.Item1)];

    /// <summary>Compares a setting with the curve.</summary>
    /// <param name="speedup">Its realised speed-up.</param>
    /// <param name="psnr">Its PSNR in dB.</param>
    /// <returns>Null where there are no controls.</returns>
    public ControlGain? Compare(double speedup, double psnr)
    {
        var at = Math.Log(speedup);
        if (_points.Length == 0)
        {
            return null;
        }

        if (at < _points[0].Log)
        {
            return Against(_points[0], Bound.AtMost);
        }

        if (at > _points[^1].Log)
        {
            return Against(_points[^1], Bound.AtLeast);
        }

        var right = Array.FindIndex(_points, p => p.Log >= at);
        if (_points[right].Log == at)
        {
            return Against(_points[right], Bound.Exact);
        }

        var (a, b) = (_points[right - 1], _points[right]);
        var part = (at - a.Log) / (b.Log - a.Log);
        return Against((at, double.Lerp(a.Psnr, b.Psnr, part), double.Lerp(a.Steps, b.Steps, part)), Bound.Exact);

        ControlGain Against((double Log, double Psnr, double Steps) control, Bound bound) => new(control.Steps, control.Psnr, psnr - control.Psnr, bound);
    }
}
