namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>PNDM for one number, as the published scheduler counts it: calls by a counter over one list of timesteps, whatever a step is. Written from that description, apart from the library's own form.</summary>
internal sealed class PndmReference
{
    private readonly NoiseTable _table;
    private readonly int _stride;
    private readonly int _rungeKutta;
    private readonly bool _skips;
    private readonly bool _isVelocity;
    private readonly double _end;
    private readonly List<double> _outputs = [];
    private double _first;
    private double _sum;
    private int _counter;

    public PndmReference(NoiseTable table, int steps, TimestepSpacing spacing, int offset, bool skips, bool endsClean, bool isVelocity)
    {
        (_table, _stride, _skips, _isVelocity) = (table, table.TrainSteps / steps, skips, isVelocity);
        _end = endsClean ? 1 : table.AlphaBars[0];
        long[] up = [.. Timesteps.Ddim(table.TrainSteps, steps, spacing, offset).Reverse()];
        if (skips)
        {
            Times = [.. up[..^1].Concat(up.Length > 1 ? up[^2..^1] : []).Concat(up[^1..]).Reverse()];
            return;
        }

        long[] doubled = [.. up[^4..].SelectMany(t => new[] { t, t + (_stride / 2) })];
        long[] warm = [.. doubled[..^1].SelectMany(t => new[] { t, t }).Skip(1).SkipLast(1).Reverse()];
        (Times, _rungeKutta) = ([.. warm, .. up[..^3].Reverse()], warm.Length);
    }

    /// <summary>Time of each call.</summary>
    public long[] Times { get; }

    /// <summary>The sample after a call.</summary>
    public double Step(double output, double x)
    {
        var time = Times[_counter];
        return _counter < _rungeKutta ? Warm(output, time, x) : Multistep(output, time, x);
    }

    private double Warm(double output, long time, double x)
    {
        var to = time - (_counter % 2 == 1 ? 0 : _stride / 2);
        var from = Times[_counter / 4 * 4];
        var place = _counter % 4;
        if (place == 0)
        {
            _outputs.Add(output);
            (_first, _sum) = (x, 0);
        }

        _sum += output / (place is 0 or 3 ? 6 : 3);
        _counter++;
        return Transfer(_first, from, to, place == 3 ? _sum : output);
    }

    private double Multistep(double output, long time, double x)
    {
        var to = time - _stride;
        if (_skips && _counter == 1)
        {
            (time, to) = (time + _stride, time);
        }
        else
        {
            _outputs.RemoveRange(0, Math.Max(0, _outputs.Count - 3));
            _outputs.Add(output);
        }

        var used = output;
        if (_skips && _counter < 2)
        {
            (used, x, _first) = _counter == 0 ? (output, x, x) : ((output + _outputs[^1]) / 2, _first, 0);
        }
        else
        {
            used = _outputs.Count switch
            {
                2 => ((3 * _outputs[^1]) - _outputs[^2]) / 2,
                3 => ((23 * _outputs[^1]) - (16 * _outputs[^2]) + (5 * _outputs[^3])) / 12,
                _ => ((55 * _outputs[^1]) - (59 * _outputs[^2]) + (37 * _outputs[^3]) - (9 * _outputs[^4])) / 24,
            };
        }

        _counter++;
        return Transfer(x, time, to, used);
    }

    private double Transfer(double x, long from, long to, double output)
    {
        double a = _table.AlphaBars[(int)from], b = to >= 0 ? _table.AlphaBars[(int)to] : _end;
        var epsilon = _isVelocity ? (Math.Sqrt(a) * output) + (Math.Sqrt(1 - a) * x) : output;
        return (Math.Sqrt(b / a) * x) - ((b - a) * epsilon / ((a * Math.Sqrt(1 - b)) + Math.Sqrt(a * (1 - a) * b)));
    }
}
