namespace Acceleration.Reporting;

/// <summary>
/// What the baseline would take at any moment of a comparison. A machine that others use, too, may slow down by half within a sweep: a speed-up is a ratio of times only if both are of the same moment. The
/// baseline is therefore timed again between the others, a few steps at a time, and these times are joined by straight lines.
/// </summary>
internal sealed class BaselinePace
{
    private readonly List<(double At, double Seconds)> _timed = [];

    /// <summary>All that was timed, as seconds of a whole baseline.</summary>
    public Spread Spread => Spread.Of([.. _timed.Select(t => t.Seconds)]);

    /// <summary>Adds a part of a baseline.</summary>
    /// <param name="begun">Seconds, of any clock, when it began.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="share">Share of the baseline's work that was done, above 0.</param>
    public void Add(double begun, double ended, double share) => _timed.Add(((begun + ended) / 2, (ended - begun) / share));

    /// <summary>Seconds of a baseline that ran while something else did.</summary>
    /// <param name="begun">When it began, of the same clock.</param>
    /// <param name="ended">When it ended.</param>
    public double During(double begun, double ended)
    {
        var at = (begun + ended) / 2;
        var after = _timed.FindIndex(t => t.At >= at);
        if (after <= 0)
        {
            return after == 0 ? _timed[0].Seconds : _timed[^1].Seconds;
        }

        var ((from, first), (to, second)) = (_timed[after - 1], _timed[after]);
        return first + ((second - first) * (at - from) / (to - from));
    }
}
