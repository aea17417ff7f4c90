using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The last computed output, continued with the exponential average of its changes per step: exact for lines; Beta 0 is the line through the last two.</summary>
[Entry("averagedChange", "avg")]
public sealed record AveragedChange([property: InTag, Within(0, 1, OpenAbove = true)] double Beta = 0.5) : Recurrence
{
    public override Tensor Next(Tensor? state, Tensor last, Tensor now, double distance) =>
        state is null ? WeightedSum.Of((1 / distance, now - last)) : WeightedSum.Of((Beta, state), ((1 - Beta) / distance, now - last));

    public override Tensor Make(Tensor state, Tensor last, double distance) => WeightedSum.Of((1, last), (distance, state));
}

/// <summary>A line that goes on with a share of its slope.</summary>
[Entry("easedLine", "eased")]
public sealed record EasedLine([property: InTag, Within(0, 1)] double Share = 0.5) : IForecast
{
    public string Tag => PlanTag.Of(this);

    public int Depth => 2;

    // Newest first: nodes[0] is the abscissa of the last computed step. The weights add up to 1.
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        var ahead = Share * (target - nodes[0]) / (nodes[0] - nodes[1]);
        return [1 + ahead, -ahead];
    }
}
