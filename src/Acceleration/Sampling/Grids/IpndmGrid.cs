using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// The noise levels of iPNDM: σ = sin²(π·s/2) and α = √(1 − σ²) for s = 1, ..., 1/N, 0. The network is told 2/π·atan2(σ, α), from 1 down to 0; it is one that is trained on such times (Dance Diffusion), and needs no noise table.
/// </summary>
/// <param name="Steps">N, 1 to <see cref="Schedule.MostSteps"/>.</param>
[Entry("ipndm", "ipndmgrid")]
public sealed record IpndmGrid(int Steps) : IGrid
{
    /// <summary>N.</summary>
    [InTag]
    [Within(1, Schedule.MostSteps)]
    public int Steps { get; init => field = Require.StepsOf<IpndmGrid>(value, Schedule.MostSteps); } = Require.StepsOf<IpndmGrid>(Steps, Schedule.MostSteps);

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network) => Through([.. Enumerable.Range(0, Steps + 1).Select(Level)]);

    /// <summary>A schedule through given noise levels.</summary>
    /// <param name="sigmas">At least two, descending from at most 1 to at least 0.</param>
    /// <exception cref="ArgumentException">They are none.</exception>
    internal static Schedule Through(ReadOnlySpan<float> sigmas)
    {
        var points = ImmutableArray.CreateBuilder<GridPoint>(sigmas.Length);
        for (var k = 0; k < sigmas.Length; k++)
        {
            if (!(sigmas[k] >= 0 && sigmas[k] <= 1 && (k == 0 || sigmas[k] < sigmas[k - 1])))
            {
                throw new ArgumentException(FormattableString.Invariant($"Noise levels of iPNDM descend from at most 1 to at least 0; level {k} is {sigmas[k]}{(k == 0 ? "" : FormattableString.Invariant($" after {sigmas[k - 1]}"))}."), nameof(sigmas));
            }

            var alpha = MathF.Sqrt(1 - (sigmas[k] * sigmas[k]));
            points.Add(new(MathF.Atan2(sigmas[k], alpha) / MathF.PI * 2, alpha, sigmas[k]));
        }

        return Schedule.Through("ipndm", points.MoveToImmutable(), NetworkClock.Angle);
    }

    private float Level(int k)
    {
        // Counted from the nearer end, as float32 ranges are made.
        var share = k <= Steps / 2 ? 1 - (k * (1f / Steps)) : (Steps - k) * (1f / Steps);
        var root = MathF.Sin(share * MathF.PI / 2);
        return root * root;
    }
}
