using Acceleration.Hosting;
using Acceleration.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Acceleration.Tests.Docs;

internal sealed class FashionServer([FromKeyedServices("fast")] Sampler sampler, SamplerPool pool)
{
    /// <summary>An application that has one network, one way to sample it, and one pool.</summary>
    public static IHost Build(string checkpoint)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services
            .AddNetwork("fashion", _ => DiT.Load(checkpoint))
            .AddSampler("fast", "fashion", b => b.Ddim(steps: 20).Guidance(2).Use(new EasyCache(0.1)))
            .AddSamplerPool(configure: settings => settings.Capacity = 100)
            .AddSingleton<FashionServer>();
        return builder.Build();
    }

    /// <summary>One picture for a user. Requests that come together run together; users take turns.</summary>
    public async Task<SamplingResult> DrawAsync(string user, long label, long seed, CancellationToken cancellation)
    {
        using var condition = Conditioning.Labels(label);
        var request = new SamplingRequest { Condition = condition, Seed = seed };
        return await pool.GenerateAsync(sampler, request, client: user, cancellation: cancellation);
    }
}
