using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>All checks. A new kind of golden file is one more entry.</summary>
internal static class Checks
{
    public static IReadOnlyList<ICheck> All { get; } =
    [
        new DiTCheck(),
        new DenoiserCheck("DiTTransformer2DModel", "hidden_states", ("class_labels", ConditionNames.Labels)),
        new TextEncoderCheck(),
        new RelativeBucketsCheck(),
        new AutoencoderKLCheck(),
        new AutoencoderTinyCheck(),
        new ImageEncoderCheck(),
        new FilmAutoencoderCheck<AutoencoderKLWan>(path => AutoencoderKLWan.Load(path), (a, film) => a.Distribution(film), (a, latents) => a.DecodeUnscaled(latents)),
        new FilmAutoencoderCheck<AutoencoderKLCogVideoX>(path => AutoencoderKLCogVideoX.Load(path), (a, film) => a.Distribution(film), (a, latents) => a.DecodeUnscaled(latents)),
        new PolicyCheck(),
        new LatteCheck(),
        new WanCheck(),
        new CogVideoXCheck(),
        new FluxCheck(),
        new SD3Check(),
        new DenoiserCheck(
            "PixArtTransformer2DModel",
            "hidden_states",
            ("encoder_hidden_states", ConditionNames.Text),
            ("encoder_attention_mask", ConditionNames.TextMask),
            ("added_cond_kwargs.resolution", ConditionNames.Resolution),
            ("added_cond_kwargs.aspect_ratio", ConditionNames.AspectRatio)),
        new UNetCheck(),
        new SchedulerCheck(),
        new BetaTablesCheck(),
        new TimestepGridsCheck(),
        new EasyCacheCheck(),
        new CachedLoopCheck(),
        new SadaCheck(),
        new DeepCacheCheck(),
        new ToMeCheck(),
        new ToMeBlocksCheck(),
        new ToMeSDCheck(),
        new ToMeSDNetworkCheck(),
        new CombinationCheck(),
        new GuidedLoopCheck(),
        new AdaptiveGuidanceCheck(),
        new RescaleCheck(),
        new PlusPlusCheck(),
        new IntervalGridCheck(),
        new NoiseIntervalCheck(),
        new EdmIntervalCheck(),
        new LinearAGCheck(),
        new DualFastCheck(),
        new PipelineCheck(),
    ];

    /// <summary>The check for a file.</summary>
    /// <exception cref="NotKnownException">There is none.</exception>
    public static ICheck For(GoldenFile file)
    {
        var kind = file.TextOrNull("kind")
            ?? throw new NotKnownException("its metadata has no key 'kind', so it is no golden file. 'acceleration inspect' shows what a checkpoint holds.");
        var known = All.Where(c => c.Kind == kind).ToArray();
        return known.FirstOrDefault(c => c.Fits(file)) ?? throw new NotKnownException(known.Length == 0
            ? $"{Subject(file, kind)} is not known yet. Kinds known are {string.Join(", ", All.Select(c => c.Kind).Distinct())}."
            : $"{Subject(file, kind)} is not known yet. Known of this kind are {string.Join("; ", known.Select(c => c.Knows))}.");
    }

    private static string Subject(GoldenFile file, string kind)
    {
        string[] keys = ["model_class", "pipeline", "guider_class", "scheduler_class", "technique", "function"];
        var named = keys.Select(file.TextOrNull).OfType<string>().ToArray();
        return named.Length == 0 ? $"a file of kind '{kind}' in this form" : $"{string.Join(" with ", named)} (kind '{kind}')";
    }
}
