using System.Diagnostics;
using Acceleration.Reporting;

namespace Acceleration.Benchmarks;

/// <summary>Times alternatives in turn, so that a machine that drifts drifts for all of them.</summary>
internal static class Turns
{
    /// <summary>Milliseconds of one run.</summary>
    public static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>
    /// Milliseconds of every form in every round, <c>[form][round]</c>. All run once unmeasured; odd rounds go backwards, so that none always follows the same other.
    /// </summary>
    public static double[][] Run(int rounds, params Action[] forms)
    {
        Array.ForEach(forms, form => form());
        var times = Array.ConvertAll(forms, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < forms.Length; turn++)
            {
                var form = round % 2 == 0 ? turn : forms.Length - 1 - turn;
                times[form][round] = Time(forms[form]);
            }
        }

        return times;
    }

    /// <summary>The ratios of times measured side by side: robust against drift, unlike the ratio of two medians.</summary>
    public static Spread Ratio(double[] times, double[] reference) => Spread.Of([.. times.Zip(reference, (a, b) => a / b)]);
}
