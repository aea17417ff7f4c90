namespace Acceleration.Tool;

/// <summary>What the guiders of the reference have in common.</summary>
/// <param name="Config">The settings.</param>
/// <param name="Size">Latent size of one sample, [channels, ...].</param>
internal sealed record GuiderSettings(StoredConfig Config, IReadOnlyList<long> Size)
{
    /// <summary>Whether it does anything.</summary>
    public bool IsEnabled => Config.Get("enabled", true);

    /// <summary>Where its sum starts.</summary>
    public GuidanceBase Base => Config.Get("use_original_formulation", false) ? GuidanceBase.Conditional : GuidanceBase.Unconditional;

    /// <summary>Part φ of its rescale.</summary>
    public double Rescale => Config.Get("guidance_rescale", 0.0);

    /// <summary>s of u + s·(c − u), also where w of c + w·(c − u) is stored.</summary>
    public double Scale(string key, double otherwise) => OfBase(Config.Get(key, otherwise));

    /// <inheritdoc cref="Scale"/>
    public double OfBase(double stored) => Base == GuidanceBase.Conditional ? stored + 1 : stored;

    /// <summary>Lengths of which the differences are shortened; what is not above 0 shortens nothing.</summary>
    public double Longest(double otherwise) => Math.Max(0, Config.Get("adaptive_projected_guidance_rescale", otherwise));

    /// <summary>A guider that combines the unconditional branch by <paramref name="combiner"/>, with the interval and the rescale that all have.</summary>
    /// <param name="combiner">Its combination.</param>
    /// <param name="flags">The names of its flags; all say whether the unconditional branch was evaluated.</param>
    public StoredGuidance Pair(IStrategy combiner, params string[] flags)
    {
        IStrategy[] all = [combiner, .. Interval(), .. Rescaled(Rescale)];
        return new(IsEnabled ? all : [])
        {
            Active = flags.ToDictionary(f => f, _ => (Func<int, IReadOnlySet<int>, bool>)StoredGuidance.IsGuided),
        };
    }

    /// <summary>Its limits on guided steps; none where it has no limits.</summary>
    public IReadOnlyList<IStrategy> Interval()
    {
        var (start, stop) = (Config.Get("start", 0.0), Config.Get("stop", 1.0));
        return start <= 0 && stop >= 1 ? [] : [GuidanceInterval.Share(start, stop)];
    }

    /// <summary>The rescale of a part φ, above 0.</summary>
    public static IReadOnlyList<IStrategy> Rescaled(double phi) => phi > 0 ? [new GuidanceRescale(phi)] : [];
}
