using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Acceleration.Hosting;

/// <summary>Registers networks, samplers and pools, each by name, as keyed singletons.</summary>
public static class AccelerationServices
{
    /// <summary>Name of what is asked for without one.</summary>
    public const string DefaultName = "default";

    /// <summary>A network, loaded when first asked for and disposed with the container, after the pools have ended.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its key.</param>
    /// <param name="load">Makes it.</param>
    public static IServiceCollection AddNetwork(this IServiceCollection services, string name, Func<IServiceProvider, IDenoiser> load)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(load);
        services.TryAddSingleton<PoolsOfApplication>();
        return services
            .AddKeyedSingleton(name, (provider, _) => load(provider))
            .AddKeyedSingleton(name, (provider, _) => new PoolsBeforeNetwork(provider.GetRequiredService<PoolsOfApplication>()));
    }

    /// <summary>A sampler, built and checked when first asked for.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its key.</param>
    /// <param name="network">Key of its network.</param>
    /// <param name="describe">Chooses solver, guidance and strategies, for example <c>b => b.Plan(plan)</c>.</param>
    public static IServiceCollection AddSampler(this IServiceCollection services, string name, string network, Action<SamplerBuilder> describe)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(network);
        ArgumentNullException.ThrowIfNull(describe);
        return services.AddKeyedSingleton(name, (provider, _) =>
        {
            var builder = Sampler.For(provider.GetKeyedService<IDenoiser>(network)
                ?? throw new InvalidOperationException($"The sampler '{name}' asks for the network '{network}', which is not registered: services.{nameof(AddNetwork)}(\"{network}\", ...)."));
            _ = provider.GetKeyedService<PoolsBeforeNetwork>(network);
            describe(builder);
            return builder.Build();
        });
    }

    /// <summary>
    /// A pool, bounded by the <see cref="PoolSettings"/> of its name, which are checked when the application starts. The application ends when the pool's requests have: those left when its shutdown time is over
    /// are cancelled. What happens is logged under <c>Acceleration.SamplerPool</c>. The pool named <see cref="DefaultName"/> is the one without a key.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its key, and its name in metrics and logs.</param>
    /// <param name="configure">Sets its bounds; null for the defaults, or for settings bound elsewhere.</param>
    public static IServiceCollection AddSamplerPool(this IServiceCollection services, string name = DefaultName, Action<PoolSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = services.AddOptions<PoolSettings>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<IValidateOptions<PoolSettings>, PoolSettingsCheck>();
        services.TryAddSingleton<PoolsOfApplication>();
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredService<PoolsOfApplication>().Add(new(
            provider.GetRequiredService<IOptionsMonitor<PoolSettings>>().Get(name).For(name, new PoolLog(provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance)))));
        services.AddSingleton<IHostedService>(provider => new PoolShutdown(provider.GetRequiredKeyedService<SamplerPool>(name)));
        if (name == DefaultName)
        {
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SamplerPool>(name));
        }

        return services;
    }
}
