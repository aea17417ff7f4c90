using Acceleration.Reporting;

namespace Acceleration.Benchmarks;

/// <summary>
/// Whole requests through several samplers at once, a step of each in turn: what shares the machine slows them all alike, because neighbouring steps are milliseconds apart.
/// </summary>
internal sealed class StepTurns
{
    private readonly double[][] _seconds;
    private readonly double[][][] _steps;

    private StepTurns(int forms, int rounds)
    {
        (_seconds, _steps) = ([.. Enumerable.Range(0, forms).Select(_ => new double[rounds])], [.. Enumerable.Range(0, forms).Select(_ => new double[rounds][])]);
        Traces = new Trace[forms];
    }

    /// <summary>What each of them did, in the last round.</summary>
    public Trace[] Traces { get; }

    /// <summary>Seconds of a whole request, start and end included, against those of the first in the same round.</summary>
    public Spread Speedup(int form) => Turns.Ratio(_seconds[0], _seconds[form]);

    /// <summary>Median seconds of a whole request.</summary>
    public double Seconds(int form) => Spread.Of(_seconds[form]).Median;

    /// <summary>Median milliseconds of each step.</summary>
    public double[] Steps(int form) => [.. Enumerable.Range(0, _steps[form][0].Length).Select(i => 1e3 * Spread.Of([.. _steps[form].Select(round => round[i])]).Median)];

    /// <summary>Runs them, and a few steps unmeasured.</summary>
    /// <param name="rounds">How often.</param>
    /// <param name="warmup">Steps that are taken unmeasured at first; null for all.</param>
    /// <param name="request">What all of them are asked for.</param>
    /// <param name="samplers">As many steps each, the baseline first.</param>
    public static StepTurns Run(int rounds, int? warmup, SamplingRequest request, params Sampler[] samplers)
    {
        var turns = new StepTurns(samplers.Length, rounds);
        turns.Round(-1, warmup ?? int.MaxValue, request, samplers);
        for (var round = 0; round < rounds; round++)
        {
            turns.Round(round, int.MaxValue, request, samplers);
        }

        return turns;
    }

    private void Round(int round, int steps, SamplingRequest request, Sampler[] samplers)
    {
        var (sessions, seconds) = (new SamplingSession[samplers.Length], new double[samplers.Length]);
        var each = Array.ConvertAll(samplers, s => new double[s.Steps]);
        for (var f = 0; f < samplers.Length; f++)
        {
            seconds[f] = Turns.Time(() => sessions[f] = samplers[f].Start(request)) / 1e3;
        }

        for (var step = 0; step < Math.Min(steps, each.Max(s => s.Length)); step++)
        {
            for (var turn = 0; turn < samplers.Length; turn++)
            {
                // None always follows the same other.
                var f = (turn + step + round + samplers.Length) % samplers.Length;
                if (step < each[f].Length)
                {
                    seconds[f] += each[f][step] = Turns.Time(() => sessions[f].Advance()) / 1e3;
                }
            }
        }

        for (var f = 0; f < samplers.Length; f++)
        {
            Traces[f] = sessions[f].Trace;
            seconds[f] += Turns.Time(sessions[f].Dispose) / 1e3;
            if (round >= 0)
            {
                (_seconds[f][round], _steps[f][round]) = (seconds[f], each[f]);
            }
        }
    }
}
