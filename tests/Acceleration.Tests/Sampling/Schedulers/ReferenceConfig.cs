using System.Text.Json;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>A JSON object all of whose keys must have been asked for in the end: an unknown setting is an error.</summary>
internal sealed class ReferenceConfig(JsonElement json)
{
    private readonly HashSet<string> _read = [];

    public T Get<T>(string key, T otherwise)
    {
        _read.Add(key);
        return json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value.Deserialize<T>()! : otherwise;
    }

    /// <summary>One of the spellings in <paramref name="known"/>.</summary>
    public T Choice<T>(string key, string otherwise, params (string Spelling, T Value)[] known)
    {
        var spelling = Get(key, otherwise);
        var at = Array.FindIndex(known, k => k.Spelling == spelling);
        return at >= 0 ? known[at].Value : throw new NotSupportedException($"{key} is '{spelling}'.");
    }

    public void RequireAllRead()
    {
        var unknown = json.EnumerateObject().Select(p => p.Name).Where(n => !_read.Contains(n)).ToArray();
        if (unknown.Length > 0)
        {
            throw new NotSupportedException($"Unknown settings: {string.Join(", ", unknown)}.");
        }
    }

    public NoiseTable NoiseTable()
    {
        var schedule = Choice(
            "beta_schedule",
            "linear",
            ("linear", BetaSchedule.Linear),
            ("scaled_linear", BetaSchedule.ScaledLinear),
            ("squaredcos_cap_v2", BetaSchedule.SquaredCosCapV2),
            ("exp", BetaSchedule.Exponential),
            ("laplace", BetaSchedule.Laplace),
            ("sigmoid", BetaSchedule.Sigmoid));
        var (start, end) = (Get("beta_start", 1e-4), Get("beta_end", 0.02));
        var trainSteps = Get("num_train_timesteps", 1000);
        var zeroSnr = Get("rescale_betas_zero_snr", false);
        return Get<float[]?>("trained_betas", null) is { } betas
            ? Acceleration.NoiseTable.FromBetas(betas, zeroSnr)
            : Acceleration.NoiseTable.Make(schedule, start, end, trainSteps, zeroSnr);
    }

    public TimestepSpacing Spacing(string otherwise) => Choice(
        "timestep_spacing",
        otherwise,
        ("linspace", TimestepSpacing.Linspace),
        ("leading", TimestepSpacing.Leading),
        ("trailing", TimestepSpacing.Trailing));
}
