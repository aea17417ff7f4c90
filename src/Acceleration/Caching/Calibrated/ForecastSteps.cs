namespace Acceleration;

/// <summary>Lists of evaluated steps that a search tries.</summary>
/// <param name="steps">Steps of the run.</param>
/// <param name="guided">Whether there are two branches.</param>
/// <param name="atOnce">Whether step 0 must be evaluated.</param>
/// <param name="flow">Whether a flow is predicted.</param>
internal sealed class ForecastSteps(int steps, bool guided, bool atOnce, bool flow)
{
    private static readonly int[] Moves = [2, -2, 1, -1];

    /// <summary>Where a search begins. In the first and the last evaluated step the condition alone is asked.</summary>
    public IReadOnlyList<ForecastStep> Start(int evaluations)
    {
        var alone = !guided ? 0 : evaluations % 2 == 1 ? 1 : evaluations >= 6 ? 2 : 0;
        var count = guided ? (evaluations + alone) / 2 : evaluations;
        var list = new List<ForecastStep>();
        for (var i = 0; i < count; i++)
        {
            var step = (int)Math.Round(steps * Place(count == 1 ? 0 : i / (count - 1.0)));

            // Each leaves room for those behind it.
            step = i == 0 && (atOnce || flow) ? 0 : Math.Min(Math.Max(step, i == 0 ? 0 : list[^1].Step + 1), steps - count + i);
            list.Add(new(step, (i == 0 && alone > 0) || (i == count - 1 && alone > 1) ? EvaluatedBranches.Conditional : EvaluatedBranches.All));
        }

        return list;
    }

    /// <summary>Neighbours of the best list, each once.</summary>
    /// <param name="best">The best list so far; it is asked before each neighbour.</param>
    public IEnumerable<IReadOnlyList<ForecastStep>> Around(Func<IReadOnlyList<ForecastStep>> best)
    {
        var seen = new HashSet<string> { Name(best()) };
        for (var any = true; any;)
        {
            any = false;
            foreach (var neighbour in Neighbours(best))
            {
                if (seen.Add(Name(neighbour)))
                {
                    any = true;
                    yield return neighbour;
                }
            }
        }
    }

    /// <summary>
    /// Where in the run, 0 to 1, a share of the evaluations is done. At high noise latents say nearly all of an ε-prediction, so that the first evaluation is late; then steps become denser towards the end, where a network says more of a picture
    /// than the steps before let foresee. Of a flow latents say the noise and nothing of the mean picture: it is asked at once, and most often where it is decided what the picture will be.
    /// </summary>
    private double Place(double share) => flow ? 0.88 * Math.Pow(share, 1.9) : 0.1 + (0.84 * (1 - Math.Pow(1 - share, 1.3)));

    private static string Name(IReadOnlyList<ForecastStep> list) => string.Join(' ', list);

    private IEnumerable<IReadOnlyList<ForecastStep>> Neighbours(Func<IReadOnlyList<ForecastStep>> best)
    {
        // Late steps first: what is before them need not be run again.
        foreach (var move in Moves)
        {
            for (var i = best().Count - 1; i >= (atOnce ? 1 : 0); i--)
            {
                ForecastStep[] moved = [.. best()];
                moved[i] = moved[i] with { Step = moved[i].Step + move };
                if (moved[i].Step >= (i == 0 ? 0 : moved[i - 1].Step + 1) && moved[i].Step < (i + 1 < moved.Length ? moved[i + 1].Step : steps))
                {
                    yield return moved;
                }
            }
        }

        for (var i = best().Count - 1; guided && i > 0; i--)
        {
            for (var j = i - 1; j >= 0; j--)
            {
                ForecastStep[] swapped = [.. best()];
                (swapped[i], swapped[j]) = (swapped[i] with { Evaluates = swapped[j].Evaluates }, swapped[j] with { Evaluates = swapped[i].Evaluates });
                if (swapped[i].Evaluates != swapped[j].Evaluates)
                {
                    yield return swapped;
                }
            }
        }
    }
}
