namespace Acceleration.Onnx;

/// <summary>Finds what repeats in a row of parts that are told apart by their forms.</summary>
internal static class Repeats
{
    private const int LongestPeriod = 8;

    /// <summary>Groups of parts that make a block each: repeated periods where there are any, and what lies between them in groups of the period before, or after.</summary>
    public static IReadOnlyList<(int From, int Count)> Of(IReadOnlyList<string> forms)
    {
        var groups = new List<(int From, int Count)>();
        var (at, last) = (0, 0);
        while (at < forms.Count)
        {
            var (period, times) = Best(forms, at);
            if (times < 2)
            {
                // A block that differs from its neighbours, such as the last of SD3: as long as they are.
                period = last > 0 ? Math.Min(last, forms.Count - at) : NextPeriod(forms, at);
                times = 1;
            }

            for (var i = 0; i < times; i++)
            {
                groups.Add((at, period));
                at += period;
            }

            last = period;
        }

        return groups;
    }

    private static (int Period, int Times) Best(IReadOnlyList<string> forms, int from)
    {
        var best = (Period: 1, Times: 1);
        for (var period = 1; period <= Math.Min(LongestPeriod, (forms.Count - from) / 2); period++)
        {
            var times = 1;
            while (from + ((times + 1) * period) <= forms.Count && Enumerable.Range(0, period).All(i => forms[from + i] == forms[from + (times * period) + i]))
            {
                times++;
            }

            if (times >= 2 && times * period > best.Times * best.Period)
            {
                best = (period, times);
            }
        }

        return best;
    }

    /// <summary>Parts until a repetition begins, or one.</summary>
    private static int NextPeriod(IReadOnlyList<string> forms, int from)
    {
        for (var i = from + 1; i < forms.Count; i++)
        {
            if (Best(forms, i) is { Times: >= 2 } next)
            {
                return Math.Min(i - from, next.Period);
            }
        }

        return 1;
    }
}
