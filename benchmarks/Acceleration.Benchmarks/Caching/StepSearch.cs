namespace Acceleration.Benchmarks;

/// <summary>
/// Searches the steps at which a <see cref="StepForecast"/> evaluates. To first order the final latents err by Σ g_t·(forecast of ε_t − ε_t), g_t the gain with which DDIM
/// carries an error of step t to the end; every forecast is a weighted sum of evaluated ε, so the squared error is cᵀGc with the Gram matrix G of recorded
/// predictions, and a candidate costs microseconds.
/// </summary>
internal sealed class StepSearch(Schedule grid, double[,] gram, int order)
{
    private readonly double[] _gains = Gains(grid);
    private readonly Polynomial _forecast = new(order);

    /// <summary>The best list of <paramref name="count"/> steps that moves of one and two steps at once lead to from an even spacing.</summary>
    public int[] Run(int count)
    {
        var best = Even(0, count, grid.Steps);
        var least = Error(best);
        for (var improved = true; improved;)
        {
            improved = false;
            foreach (var candidate in Neighbours(best))
            {
                var error = Error(candidate);
                if (error < least)
                {
                    (best, least, improved) = (candidate, error, true);
                }
            }
        }

        return best;
    }

    /// <summary>
    /// Moves single steps while that makes real pictures better: the first-order error knows nothing of how the network answers to an error, and lists that are best
    /// for it crowd the first steps.
    /// </summary>
    /// <param name="steps">Where to begin.</param>
    /// <param name="quality">What a list is worth; higher is better.</param>
    /// <param name="tries">How many lists may be tried.</param>
    public int[] Refine(int[] steps, Func<int[], double> quality, int tries)
    {
        var (best, highest) = (steps, quality(steps));
        var seen = new HashSet<string> { Name(steps) };
        for (var improved = true; improved && tries > 0;)
        {
            improved = false;
            foreach (var candidate in Neighbours(best).Where(c => c.Zip(best).Count(p => p.First != p.Second) == 1 && c.Zip(best).All(p => Math.Abs(p.First - p.Second) <= 2)))
            {
                if (tries == 0 || !seen.Add(Name(candidate)))
                {
                    continue;
                }

                tries--;
                var reached = quality(candidate);
                if (reached > highest)
                {
                    (best, highest, improved) = (candidate, reached, true);
                    break;
                }
            }
        }

        return best;
    }

    /// <summary>Squared error of the final latents, summed over the recorded pictures.</summary>
    public double Error(int[] steps)
    {
        var coefficients = new double[grid.Steps];
        var known = 0;
        for (var t = 0; t < grid.Steps; t++)
        {
            if (known < steps.Length && steps[known] == t)
            {
                known++;
                continue;
            }

            var used = Math.Min(known, _forecast.Depth);
            var nodes = new double[used];
            for (var i = 0; i < used; i++)
            {
                nodes[i] = grid.Points[steps[known - 1 - i]].Time;
            }

            var weights = _forecast.Weights(nodes, grid.Points[t].Time);
            for (var i = 0; i < used; i++)
            {
                coefficients[steps[known - 1 - i]] += _gains[t] * weights[i];
            }

            coefficients[t] -= _gains[t];
        }

        var sum = 0.0;
        for (var i = 0; i < grid.Steps; i++)
        {
            for (var j = 0; j < grid.Steps; j++)
            {
                sum += coefficients[i] * gram[i, j] * coefficients[j];
            }
        }

        return sum;
    }

    /// <summary>So many steps from one on, evenly spread.</summary>
    public static int[] Even(int from, int count, int steps) => [.. Enumerable.Range(0, count).Select(i => from + (i * (steps - from) / count))];

    private static string Name(int[] steps) => string.Join(',', steps);

    private IEnumerable<int[]> Neighbours(int[] steps)
    {
        for (var i = 1; i < steps.Length; i++)
        {
            for (var j = i; j < steps.Length; j++)
            {
                foreach (var (a, b) in Moves(i == j))
                {
                    var moved = (int[])steps.Clone();
                    moved[i] += a;
                    moved[j] += b;
                    if (moved[^1] < grid.Steps && Enumerable.Range(1, moved.Length - 1).All(k => moved[k] > moved[k - 1]))
                    {
                        yield return moved;
                    }
                }
            }
        }
    }

    private static IEnumerable<(int A, int B)> Moves(bool alone)
    {
        for (var a = -3; a <= 3; a++)
        {
            for (var b = alone ? 0 : -3; b <= (alone ? 0 : 3); b++)
            {
                if (a != 0 || b != 0)
                {
                    yield return (a, b);
                }
            }
        }
    }

    /// <summary>DDIM moves x to (α'/α)·x + (σ' − σ·α'/α)·ε: the factor of ε, carried on by the later steps' factors of x.</summary>
    private static double[] Gains(Schedule grid)
    {
        var gains = new double[grid.Steps];
        var carried = 1.0;
        for (var t = grid.Steps - 1; t >= 0; t--)
        {
            var (from, to) = (grid.Points[t], grid.Targets[t]);
            var kept = (double)to.Alpha / from.Alpha;
            gains[t] = carried * (to.Sigma - (from.Sigma * kept));
            carried *= kept;
        }

        return gains;
    }
}
