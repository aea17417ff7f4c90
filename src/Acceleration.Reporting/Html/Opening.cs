namespace Acceleration.Reporting;

/// <summary>The top of the page: the best result, and four numbers.</summary>
internal static class Opening
{
    public static Html Of(ComparisonReport report, Headline headline) => Html.Of($"""
        <header>
        <p class="kicker">{report.Title}</p>
        <h1>{headline.Text}</h1>
        <p class="lead">{Sentence(report, headline)}</p>
        {Html.If(!report.TimesAreSteady, $"<p class='warning'>Times are not to be trusted: the controls’ speed-ups differ from their arithmetic by more than {ComparisonReport.SteadyWithin:0 %}. Something else probably used the machine; run it again, or with more repeats.</p>")}
        {Html.If(report.Unevenness is not null, $"<p>The machine did not run evenly: the same steps of the baseline took up to {report.Unevenness:0.0} times as long at one moment as at another. Speed-ups are against the steps timed beside each run; seconds are as they were.</p>")}
        <div class="tiles">
        {Tile(Numbers.Seconds(report.Baseline.Time.Median) + " s", $"baseline: {report.Baseline.Label}, {report.Counted}, {Numbers.Text(report.Baseline.Evaluations, "0.#")} evaluations each")}
        {(headline.Best is { } best ? Tile(Numbers.Seconds(best.Time.Median) + " s", $"the same pictures with {best.Name}, {Numbers.Text(best.Evaluations, "0.#")} evaluations each") : Html.Empty)}
        {(Most(report) is { } most ? Tile(Numbers.Gain(most.Control) + " dB", $"most above fewer steps {(most.ByArithmetic ? "of the same arithmetic" : "in the same time")}: {most.Name}") : Html.Empty)}
        {(headline.Compared > 0 ? Tile($"{headline.Winners} of {headline.Compared}", "settings beat “just use fewer steps”") : Html.Empty)}
        </div>
        </header>
        """);

    private static string Sentence(ComparisonReport report, Headline headline) =>
        headline.Best is null
            ? $"Only the baseline and {report.Controls.Count()} controls were run."
            : $"Without retraining, on an unchanged network ({report.Network}). {headline.Against} dB say how close a picture is to the one the baseline makes of the same noise: above about {Headline.Close:0} differences are hard to see, around 20 it is visibly another picture.";

    private static ComparisonRow? Most(ComparisonReport report) => report.Variants.Where(r => r.Control is { Beats: true }).MaxBy(r => r.Control!.Gain);

    private static Html Tile(string number, string text) => Html.Of($"<div class='tile'><strong>{number}</strong><span>{text}</span></div>");
}
