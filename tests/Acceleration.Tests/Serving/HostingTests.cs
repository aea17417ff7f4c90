using Acceleration.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Acceleration.Tests.Serving;

/// <summary>Networks, samplers and pools from a container, with their settings, logs and end.</summary>
public sealed class HostingTests : PoolTest
{
    private readonly LogBook _log = new();

    private HostApplicationBuilder Application()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_log);
        builder.Services
            .AddNetwork("toy", _ => new HeldNetwork("toy"))
            .AddSampler("quick", "toy", b => b.Plan(AccelerationPlan.Parse("ddim3+CFG2")))
            .AddSamplerPool();
        return builder;
    }

    [Fact]
    public async Task ARequestRunsThroughWhatWasRegistered()
    {
        using var host = Application().Build();
        await host.StartAsync(Token);
        var pool = host.Services.GetRequiredService<SamplerPool>();
        var sampler = host.Services.GetRequiredKeyedService<Sampler>("quick");
        Assert.Same(host.Services.GetRequiredKeyedService<IDenoiser>("toy"), sampler.Denoiser);
        Assert.Same(pool, host.Services.GetRequiredKeyedService<SamplerPool>("default"));
        (await pool.GenerateAsync(sampler, Ask(1, 1, 2), cancellation: Token)).Dispose();
        await host.StopAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.GenerateAsync(sampler, Ask(1, 1), cancellation: Token));
        Assert.Contains(_log.Lines, l => l.StartsWith("Debug Acceleration.SamplerPool: Pool default: 2 samples of toy in ", StringComparison.Ordinal) && l.EndsWith("in a batch of 2; 6 of 6 evaluations", StringComparison.Ordinal));

        // A result is handed out a moment before the pool counts it as ended.
        Assert.Contains(_log.Lines, l => l is "Information Acceleration.SamplerPool: Pool default takes no more requests; 0 are left" or "Information Acceleration.SamplerPool: Pool default takes no more requests; 1 are left");
    }

    [Fact]
    public async Task PoolsHaveNamesAndSettingsFromConfiguration()
    {
        var builder = Application();
        builder.Configuration.AddInMemoryCollection([new("Pools:bulk:Capacity", "7"), new("Pools:bulk:GatherFor", "00:00:00.050")]);
        builder.Services.AddSamplerPool("bulk", s => s.MaxBatchSamples = 32).Configure<PoolSettings>("bulk", builder.Configuration.GetSection("Pools:bulk"));
        using var host = builder.Build();
        var (bulk, usual) = (host.Services.GetRequiredKeyedService<SamplerPool>("bulk").Options, host.Services.GetRequiredService<SamplerPool>().Options);
        Assert.Equal(("bulk", 7, 32, TimeSpan.FromMilliseconds(50), 1), (bulk.Name, bulk.Capacity, bulk.MaxBatchSamples, bulk.GatherFor, bulk.Workers));
        Assert.Equal(("default", 64, 8, TimeSpan.Zero), (usual.Name, usual.Capacity, usual.MaxBatchSamples, usual.GatherFor));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task SettingsOutOfRangeEndTheStartAndAreAllNamed()
    {
        var builder = Application();
        builder.Services.AddSamplerPool("bulk", s => (s.Workers, s.MaxBatchSamples) = (0, -1));
        using var host = builder.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.Equal(2, e.Failures.Count());
        Assert.Contains("pool 'bulk', Workers: Must be at least 1.", e.Message, StringComparison.Ordinal);
        Assert.Contains("pool 'bulk', MaxBatchSamples: Must be at least 1.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheApplicationEndsWhenItsRequestsHave()
    {
        using var host = Application().Build();
        await host.StartAsync(Token);
        var pool = host.Services.GetRequiredService<SamplerPool>();
        var first = await Occupy(pool);
        var queued = await pool.EnqueueAsync(Plain, Ask(1, 1), cancellation: Token);
        var stopping = host.StopAsync(Token);
        Assert.False(stopping.IsCompleted);
        Net.Release();
        await stopping;
        Assert.Equal(0, pool.Pending);
        (await first).Dispose();
        (await queued).Dispose();
    }

    /// <summary>A container disposes in reverse order of creation: the pool is older than the network here.</summary>
    [Fact]
    public async Task AnApplicationThatIsDroppedEndsItsRequestsBeforeItsNetworks()
    {
        var network = new HeldNetwork("dropped");
        var builder = Application();
        builder.Services.AddNetwork("dropped", _ => network).AddSampler("slow", "dropped", b => b.Ddim(3));
        var host = builder.Build();
        await host.StartAsync(Token);
        var pool = host.Services.GetRequiredService<SamplerPool>();
        network.Hold();
        var running = pool.GenerateAsync(host.Services.GetRequiredKeyedService<Sampler>("slow"), Ask(1, 1), cancellation: Token);
        await network.Reached();
        var dropped = Task.Run(host.Dispose, Token);
        while (!_log.Lines.Any(l => l.Contains("takes no more requests", StringComparison.Ordinal)))
        {
            await Task.Delay(10, Token);
        }

        Assert.NotSame(dropped, await Task.WhenAny(dropped, Task.Delay(50, Token)));
        network.Release();
        await dropped;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void ASamplerWithoutItsNetworkSaysWhatToRegister()
    {
        var builder = Application();
        builder.Services.AddSampler("lost", "nowhere", b => b.Ddim(3));
        using var host = builder.Build();
        var e = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<Sampler>("lost"));
        Assert.Equal("The sampler 'lost' asks for the network 'nowhere', which is not registered: services.AddNetwork(\"nowhere\", ...).", e.Message);
    }

    [Fact]
    public async Task FailuresAreLoggedWithTheirCause()
    {
        using var host = Application().Build();
        var pool = host.Services.GetRequiredService<SamplerPool>();
        var first = await Occupy(pool);
        Net.OnCall = labels => _ = labels.Contains(6) ? throw new FormatException("six") : 0;
        var tasks = new long[] { 1, 6 }.Select(label => pool.GenerateAsync(Plain, Ask(1, label), "someone", cancellation: Token)).ToArray();
        using var source = new CancellationTokenSource();
        var gone = pool.GenerateAsync(Plain, Ask(1, 3), cancellation: source.Token);
        await source.CancelAsync();
        Net.Release();
        (await first).Dispose();
        (await tasks[0]).Dispose();
        await Assert.ThrowsAsync<SamplingException>(() => tasks[1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await pool.DisposeAsync();
        Assert.Contains(_log.Lines, l => l.StartsWith("Warning Acceleration.SamplerPool: Pool default: a batch of 2 requests on held failed; each is run again by itself", StringComparison.Ordinal) && l.EndsWith("six", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, l => l.StartsWith("Error Acceleration.SamplerPool: Pool default: 1 samples of held for client someone failed after ", StringComparison.Ordinal) && l.EndsWith("six", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, l => l.StartsWith("Information Acceleration.SamplerPool: Pool default: 1 samples of held were cancelled after 0.00 s of sampling", StringComparison.Ordinal));
    }

    private sealed class LogBook : ILoggerProvider, ILogger
    {
        private readonly string _category = "";
        private readonly List<string> _lines = [];

        /// <summary>What was logged up to now.</summary>
        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Acceleration", StringComparison.Ordinal) ? new LogBook(this, categoryName) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public LogBook()
        {
        }

        private LogBook(LogBook other, string category) => (_lines, _category) = (other._lines, category);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel} {_category}: {formatter(state, exception)}{(exception is null ? "" : $" {exception.Message}")}");
            }
        }

        public void Dispose()
        {
        }
    }
}
