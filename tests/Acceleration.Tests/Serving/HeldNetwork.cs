using System.Collections.Concurrent;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Serving;

/// <summary>
/// m = x/4 + label/20, elementwise, so that any batch gives the same bits. Every call is written down, and waits while the network is held.
/// </summary>
internal sealed class HeldNetwork : IDenoiser
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _reached = new(0);

    public HeldNetwork(string name = "held", PredictionType type = PredictionType.Epsilon) => Info = Toy.Info(name, type);

    public DenoiserInfo Info { get; }

    /// <summary>Labels of the rows of each call.</summary>
    public ConcurrentQueue<long[]> Calls { get; } = new();

    /// <summary>Called with the labels of each call, after the gate.</summary>
    public Action<long[]>? OnCall { get; set; }

    /// <summary>The first label of each run of calls with the same labels.</summary>
    public long[] Order => [.. Calls.Select(c => c[0]).Where((label, i) => i == 0 || label != Calls.ElementAt(i - 1)[0])];

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>Completes once a call has come to the closed gate.</summary>
    public Task Reached() => _reached.WaitAsync(TestContext.Current.CancellationToken);

    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        var labels = condition["labels"];
        var values = labels.data<long>().ToArray();
        Calls.Enqueue(values);
        if (!_open.IsSet)
        {
            _reached.Release();
            _open.Wait();
        }

        OnCall?.Invoke(values);
        return (latents * 0.25) + (Toy.PerRow(labels.to(ScalarType.Float32), latents) * 0.05);
    }

    public void Dispose()
    {
        _open.Dispose();
        _reached.Dispose();
    }
}
