using System.Runtime.InteropServices;

namespace Acceleration.Tool;

/// <summary>Ctrl-C and a request to terminate, as a token: the first asks the command to end, a second one ends the process.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<PosixSignalRegistration> _signals = [];

    public Interrupt(CancellationToken outer)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Stop));
        }
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
