using Spectre.Console;

namespace Acceleration.Tool;

/// <summary>A progress bar on standard error; nothing where that is no terminal.</summary>
internal sealed class StepBar : IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private readonly Task? _drawing;
    private readonly int _steps;
    private int _taken;

    public StepBar(Terminal terminal, string what, int steps)
    {
        _steps = steps;
        var console = terminal.ErrorConsole();
        if (!console.Profile.Capabilities.Interactive)
        {
            return;
        }

        // Drawn by another thread; the one that samples only counts.
        var bars = console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        _drawing = Task.Run(() => bars.Start(context =>
        {
            var task = context.AddTask(what, maxValue: _steps);
            while (!_done.Wait(200))
            {
                task.Value = Volatile.Read(ref _taken);
            }

            task.Value = Volatile.Read(ref _taken);
        }));
    }

    /// <summary>Notes steps.</summary>
    public void Step(int count = 1) => Interlocked.Add(ref _taken, count);

    public void Dispose()
    {
        _done.Set();
        _drawing?.Wait();
        _done.Dispose();
    }
}
