namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/reliability.md.</summary>
internal static class ReliabilityCode
{
    public static Sampler Careful(IDenoiser network)
    {
        var sampler = Sampler.For(network).FlowEuler(steps: 20).Use(new EasyCache(0.1))
            .OnNonFinite(NonFinite.Recompute)
            .CacheBudget(bytes: 512L << 20)
            .Build();
        return sampler;
    }

    public static void Keep(Sampler sampler, SamplingRequest request, CancellationToken cancellation)
    {
        using var session = sampler.Start(request);
        while (session.Advance(cancellation))
        {
            session.Save("portrait.session");
        }
    }

    public static float[] GoOn(Sampler sampler, CancellationToken cancellation)
    {
        using var session = SamplingSession.Load(sampler, "portrait.session");
        session.RunToEnd(cancellation: cancellation);
        return session.Latents.to(TorchSharp.torch.ScalarType.Float32).data<float>().ToArray();
    }
}
