namespace Acceleration;

/// <summary>One row's values at a site in one step, and in the steps before it: the main stream, and behind it the text where that is asked for (<see cref="RecordedPlace.Text"/>); float32.</summary>
public readonly ref struct RecordedValue
{
    private readonly SiteHistory _history;
    private readonly int _row;

    internal RecordedValue(SiteHistory history, int place, int row, StepInfo step) => (_history, Place, _row, Step) = (history, place, row, step);

    /// <summary>The site.</summary>
    public Site Site => _history.Site;

    /// <summary>Which of <see cref="ITrajectoryStatistic.Places"/> the site belongs to; the first one where it belongs to several.</summary>
    public int Place { get; }

    /// <summary>Where in the trajectory.</summary>
    public StepInfo Step { get; }

    /// <summary>Numbers along the last dimension: the width of a token, where the site works on tokens.</summary>
    public int Width => _history.Width;

    /// <summary>The site's input.</summary>
    /// <param name="back">Steps back, 0 to the place's <see cref="RecordedPlace.LookBack"/> and to the number of this step.</param>
    /// <exception cref="InvalidOperationException">It is not recorded.</exception>
    public ReadOnlySpan<float> Input(int back = 0) => _history.Of(SiteHistory.Inputs, _row, back);

    /// <summary>The site's output. What a learned variance adds to a network's is left out.</summary>
    /// <inheritdoc cref="Input"/>
    public ReadOnlySpan<float> Output(int back = 0) => _history.Of(SiteHistory.Outputs, _row, back);

    /// <summary>What the network has published.</summary>
    /// <inheritdoc cref="Input"/>
    public ReadOnlySpan<float> Signal(Signal signal, int back = 0) => _history.Of(SiteHistory.Name(signal), _row, back);
}
