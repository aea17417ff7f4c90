using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Times equivalent forms of an operator against each other.</summary>
/// <param name="Winner">The form to take; 0, the default, unless another is clearly faster.</param>
/// <param name="Milliseconds">The shortest time of each form; not a number where a form cannot run.</param>
internal readonly record struct RouteProbe(int Winner, double[] Milliseconds)
{
    // An alternative must win by this much in its best run, keep its lead in its median run, and win most rounds.
    private const double BestMargin = 0.95;
    private const double MedianMargin = 0.97;
    private const double RoundsWon = 0.8;
    private const int FewestRounds = 5;
    private const int MostRounds = 15;
    private const double BudgetMilliseconds = 8;

    // On a busy machine a preempted worker thread costs whole scheduler ticks: medians far from the best time ask for more rounds.
    // Beyond the last budget the first call would be felt; what was seen until then decides, or the default.
    private const double NoisyBudgetMilliseconds = 60;
    private const double LastBudgetMilliseconds = 200;
    private const double SettledRatio = 1.5;
    private const int FewestToDecide = 3;

    public static RouteProbe Run(Func<Tensor>[] forms)
    {
        var times = new List<double>[forms.Length];
        for (var i = 0; i < forms.Length; i++)
        {
            times[i] = TryWarmUp(forms[i], isDefault: i == 0) ? new(MostRounds) : [double.NaN];
        }

        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < MostRounds && GoesOn(times, round, Stopwatch.GetElapsedTime(start).TotalMilliseconds); round++)
        {
            for (var i = 0; i < forms.Length; i++)
            {
                if (!IsUnable(times[i]))
                {
                    times[i].Add(Time(forms[i]));
                }
            }
        }

        return new(Choose(times), [.. times.Select(t => t.Min())]);
    }

    /// <summary>Whether a form can run at all.</summary>
    public static bool Runs(Func<Tensor> form) => TryWarmUp(form, isDefault: false);

    /// <summary>The form to take, given each form's times; a lone NaN stands for a form that cannot run.</summary>
    internal static int Choose(IReadOnlyList<List<double>> times)
    {
        var winner = 0;
        for (var i = 1; i < times.Count; i++)
        {
            var clear = times[i].Count >= FewestToDecide
                && times[i].Min() < BestMargin * times[0].Min()
                && Median(times[i]) < MedianMargin * Median(times[0])
                && times[i].Zip(times[0]).Count(round => round.First < round.Second) >= RoundsWon * times[i].Count;
            if (clear && times[i].Min() < times[winner].Min())
            {
                winner = i;
            }
        }

        return winner;
    }

    private static bool GoesOn(List<double>[] times, int round, double spent)
    {
        if (round == 0 || spent < BudgetMilliseconds)
        {
            return true;
        }

        if (round < FewestRounds)
        {
            return spent < LastBudgetMilliseconds;
        }

        return spent < NoisyBudgetMilliseconds && times.Any(t => !IsUnable(t) && Median(t) > SettledRatio * t.Min());
    }

    // The default form's errors are the caller's to see; an alternative that libtorch does not implement is just not a choice.
    private static bool TryWarmUp(Func<Tensor> form, bool isDefault)
    {
        try
        {
            Time(form);
            return true;
        }
        catch (ExternalException) when (!isDefault)
        {
            return false;
        }
    }

    private static double Time(Func<Tensor> form)
    {
        var start = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
        {
            form();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static bool IsUnable(List<double> times) => times is [double.NaN];

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
