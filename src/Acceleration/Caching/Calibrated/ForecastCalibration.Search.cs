namespace Acceleration;

/// <content>Where to evaluate.</content>
public sealed partial class ForecastCalibration
{
    /// <summary>Moves the evaluated steps one at a time, and those that evaluate the conditional branch alone, while that makes the fit better.</summary>
    /// <param name="evaluations">Evaluations of one sample, both branches counted; at least 1.</param>
    /// <param name="start">Where to begin, with as many evaluations; null for steps that become denser towards the end, or on flows are dense at the beginning.</param>
    /// <param name="tries">How many lists of steps may be tried; each is a run of the recorded trajectories from the first step that differs.</param>
    /// <param name="progress">Told of every list.</param>
    /// <param name="cancellation">Stops between network calls.</param>
    /// <exception cref="ArgumentException">There are more evaluations than the sampler has without a forecast, or <paramref name="start"/> has another number of them.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been recorded.</exception>
    public ForecastFit Search(int evaluations, IReadOnlyList<ForecastStep>? start = null, int tries = 40, IProgress<ForecastSearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        RequireTrajectories();
        Require.Within(1, FullEvaluations - 1, evaluations, nameof(evaluations));
        Require.AtLeast(0, tries, nameof(tries));
        var list = start ?? Steps.Start(evaluations);
        if (list.Sum(s => s.Evaluations(IsGuided)) is var has && has != evaluations)
        {
            throw new ArgumentException($"The search is for {evaluations} evaluations and begins with {has}.", nameof(start));
        }

        var whole = Whole(list);
        using var walk = Walk();
        walk.Fit(whole, cancellation);
        walk.Weigh();
        var best = walk.Fit(whole, cancellation) with { Steps = list };
        var tried = 0;
        foreach (var candidate in Steps.Around(() => best.Steps))
        {
            if (tried == tries)
            {
                break;
            }

            var fit = walk.Fit(Whole(candidate), cancellation) with { Steps = candidate };
            best = fit.Decibels > best.Decibels ? fit : best;
            progress?.Report(new(++tried, tries, best.Steps, best.Decibels));
        }

        // Samples counted by the errors that the first list left them.
        var last = Fit(best.Steps, cancellation);
        return last.Decibels > best.Decibels ? last : best;
    }
}
