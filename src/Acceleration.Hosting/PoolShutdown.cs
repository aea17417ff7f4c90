using Microsoft.Extensions.Hosting;

namespace Acceleration.Hosting;

/// <summary>Ends a pool with its application: accepted requests run, until the host loses patience.</summary>
internal sealed class PoolShutdown(SamplerPool pool) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => pool.StopAsync(cancellationToken);
}
