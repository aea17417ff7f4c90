using System.Diagnostics;

namespace Acceleration.Fuzz;

/// <summary>Ends the process where one input takes too long: a hang cannot be caught on its own thread.</summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>Exit code after a hang.</summary>
    public const int Hung = 3;

    private readonly TimeSpan _limit;
    private readonly Action _report;
    private readonly Timer _timer;
    private long _since;

    /// <param name="limit">Time that one input may take.</param>
    /// <param name="report">Says which it was.</param>
    public Watchdog(TimeSpan limit, Action report)
    {
        (_limit, _report) = (limit, report);
        _timer = new(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Begin() => Volatile.Write(ref _since, Stopwatch.GetTimestamp());

    public void End() => Volatile.Write(ref _since, 0);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var since = Volatile.Read(ref _since);
        if (since != 0 && Stopwatch.GetElapsedTime(since) > _limit)
        {
            _report();
            Environment.Exit(Hung);
        }
    }
}
