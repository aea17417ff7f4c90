namespace Acceleration;

/// <summary>
/// Moves flow noise levels u towards noise by a factor f: σ = f·u/(1 + (f − 1)·u) (Esser et al., 2024, equation 23). Larger images need a larger f.
/// </summary>
public sealed record FlowShift
{
    private FlowShift(double factor, bool isDynamic) => (Factor, IsDynamic) = (factor, isDynamic);

    /// <summary>No shift.</summary>
    public static FlowShift None { get; } = Static(1);

    /// <summary>f, above 0; 1 changes nothing.</summary>
    public double Factor { get; }

    /// <summary>Whether f depends on the resolution. A static f also enters the smallest noise level of <see cref="FlowSchedule.Make"/>.</summary>
    public bool IsDynamic { get; }

    /// <summary>The same f for all resolutions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">f is not a positive number.</exception>
    public static FlowShift Static(double factor) => new(Require(factor, nameof(factor)), isDynamic: false);

    /// <summary>f from a resolution's μ.</summary>
    /// <param name="mu">μ, for example of <see cref="Mu"/>.</param>
    /// <param name="type">What f is made of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">f is not a positive number.</exception>
    public static FlowShift Dynamic(double mu, TimeShift type = TimeShift.Exponential) => type switch
    {
        TimeShift.Exponential => new(Require(Math.Exp(mu), nameof(mu)), isDynamic: true),
        TimeShift.Linear => new(Require(mu, nameof(mu)), isDynamic: true),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown time shift."),
    };

    /// <summary>μ of an image, linear in its number of tokens.</summary>
    /// <param name="tokens">Image tokens of the network.</param>
    /// <param name="baseShift">μ at <paramref name="baseTokens"/>.</param>
    /// <param name="maxShift">μ at <paramref name="maxTokens"/>.</param>
    /// <param name="baseTokens">Fewest tokens of training.</param>
    /// <param name="maxTokens">Most tokens of training, above <paramref name="baseTokens"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The token counts do not ascend.</exception>
    public static double Mu(int tokens, double baseShift = 0.5, double maxShift = 1.15, int baseTokens = 256, int maxTokens = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxTokens, baseTokens);
        var slope = (maxShift - baseShift) / (maxTokens - baseTokens);
        return (tokens * slope) + (baseShift - (slope * baseTokens));
    }

    /// <summary>The shifted noise level.</summary>
    /// <param name="u">0..1.</param>
    public double Apply(double u) => IsDynamic
        ? Factor / (Factor + ((1 / u) - 1))
        : Factor * u / (1 + ((Factor - 1) * u));

    private static double Require(double factor, string parameter) => factor > 0 && double.IsFinite(factor)
        ? factor
        : throw new ArgumentOutOfRangeException(parameter, factor, "The factor of a flow shift is a positive number.");
}
