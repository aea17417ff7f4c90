using System.Diagnostics;
using Spectre.Console;

namespace Acceleration.Reporting;

/// <summary>Runs a comparison with progress bars: one for the whole, one for each group.</summary>
public static class LiveComparison
{
    /// <summary>Runs it on the calling thread.</summary>
    /// <param name="console">Where the bars are drawn; a console that is no terminal gets a line of text for every run.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="request">What to sample.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <inheritdoc cref="Comparison.Run"/>
    public static ComparisonReport Run(IAnsiConsole console, Comparison comparison, SamplingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(comparison);
        if (!console.Profile.Capabilities.Interactive)
        {
            return comparison.Run(request, new Lines(console), cancellation);
        }

        var bars = console.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn());

        // Each redraw takes time from the two or three threads that are being measured.
        bars.RefreshRate = TimeSpan.FromMilliseconds(250);
        return bars.Start(context => comparison.Run(request, new Bars(context, comparison), cancellation));
    }

    private sealed class Lines(IAnsiConsole console) : IProgress<ComparisonProgress>
    {
        private string _last = "";

        public void Report(ComparisonProgress value)
        {
            var line = value.Sweep == 0 ? "warming up" : $"sweep {value.Sweep} of {value.Sweeps}: {value.Group}, {value.Label}";
            if (line != _last)
            {
                console.WriteLine(_last = line);
            }
        }
    }

    private sealed class Bars : IProgress<ComparisonProgress>
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly ProgressTask _whole;
        private readonly Dictionary<string, ProgressTask> _groups = [];

        public Bars(ProgressContext context, Comparison comparison)
        {
            _whole = context.AddTask("warming up", maxValue: 1);
            foreach (var group in comparison.Contestants.GroupBy(c => c.Group))
            {
                var steps = group.Sum(c => Math.Min(comparison.WarmUpSteps, c.Sampler.Steps) + (comparison.Sweeps * c.Sampler.Steps));
                _groups[group.Key] = context.AddTask($"[grey]{Markup.Escape(group.Key)}[/]", maxValue: steps);
            }
        }

        public void Report(ComparisonProgress value)
        {
            _whole.MaxValue = value.Total;
            _whole.Value = value.Done;
            _whole.Description = $"{(value.Sweep == 0 ? "warming up" : $"sweep {value.Sweep} of {value.Sweeps}")}{Left(value)}";
            var group = _groups[value.Group];
            group.Description = $"{Markup.Escape(value.Group)} [grey]{Markup.Escape(value.Label)}[/]";
            group.Increment(1);
        }

        /// <summary>Steps take different times, but from the second sweep on the past is a fair sample of the future.</summary>
        private string Left(ComparisonProgress value)
        {
            var elapsed = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            return value.Sweep == 0 || (double)value.Done / value.Total < 0.1
                ? ""
                : $"[grey], about {Numbers.Duration(elapsed * (value.Total - value.Done) / value.Done)} left[/]";
        }
    }
}
