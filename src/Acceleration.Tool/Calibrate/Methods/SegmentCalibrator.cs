using System.Globalization;
using Acceleration.Reporting;
using static System.FormattableString;

namespace Acceleration.Tool;

/// <summary>LeMiCa: what the result loses where only the steps between two computed ones are left out.</summary>
internal sealed class SegmentCalibrator : Calibrator
{
    private const double UsualShare = 0.4;
    private const int UsualStrides = 10;
    private const string UsualHow = "out^1@snr";
    private readonly SegmentErrors _errors;
    private readonly int _computed;
    private readonly IReadOnlyList<int> _also;

    public SegmentCalibrator(SamplerBuilder builder, CalibrateTuning tuning)
    {
        Plain = builder.Build();
        _computed = Within("--budget", tuning.Budget ?? Math.Max(2, (int)Math.Round(UsualShare * Plain.Steps)));
        _also = [.. tuning.Also.Select(b => Within("--also", b)).Where(b => b != _computed)];

        // Twice the mean distance leaves the path a choice.
        var least = _also.Append(_computed).Min();
        var mean = (int)Math.Ceiling((Plain.Steps - 1.0) / (least - 1));
        var longest = tuning.Lookback ?? Math.Clamp(2 * mean, 2, Math.Max(2, Plain.Steps - 1));
        if (longest < mean || longest > Plain.Steps - 1)
        {
            throw new ToolException($"--lookback: {least} of {Plain.Steps} steps lie up to {mean} apart at least; between {Math.Max(2, mean)} and {Plain.Steps - 1}, not {longest}.");
        }

        _errors = SegmentErrors.For(builder, tuning.At(Where.Prediction), tuning.By(UsualHow), Math.Max(2, longest), tuning.Stride ?? Math.Max(1, Plain.Steps / UsualStrides));
    }

    public override Sampler Plain { get; }

    public override int StepsOfRequest => _errors.StepsOfRequest;

    public override void Record(SamplingRequest request, Action step, CancellationToken cancellation) => _errors.Record(request, step, cancellation);

    public override Learned Learn() => Learn(_computed);

    public override IEnumerable<(string Name, Learned Learned)> LearnMore() => _also.Select(b => (b.ToString(CultureInfo.InvariantCulture), Learn(b)));

    private int Within(string option, int computed) => computed >= 2 && computed <= Plain.Steps ? computed
        : throw new ToolException($"{option}: the first and the last of {Plain.Steps} steps are computed, so between 2 and {Plain.Steps}, not {computed}.");

    private Learned Learn(int computed)
    {
        var (method, errors) = (_errors.Fit(computed), _errors.Errors);
        var steps = ((AtSteps)method.When).Steps;
        double[] edges = [.. steps.Zip(steps.Skip(1)).Where(e => e.Second > e.First + 1).Select(e => errors[e.First, e.Second])];
        return new(
            method,
            Invariant($"segments of up to {_errors.Longest} steps{(_errors.Stride == 1 ? "" : Invariant($", followed to the end from one in {_errors.Stride} steps"))}; the worst chosen one costs {edges.DefaultIfEmpty(0).Max():0.00000} of mean absolute error alone"),
            Invariant($"{steps.Count} of {Plain.Steps} steps at {method.Where}"),
            new($"LeMiCa: error of the result where only the steps between two computed ones are left out, {method.Where}, {method.How.Tag}", "first computed step", "mean absolute error")
            {
                Lines = [.. Enumerable.Range(2, Math.Min(_errors.Longest - 1, 7)).Select(d => MeasuredLine.Over(Invariant($"{d - 1} left out"), Enumerable.Range(0, Plain.Steps - d).Select(i => errors[i, i + d])))],
                Strips = [new("path", steps)],
                Steps = Plain.Steps,
            });
    }

    public override AccelerationPlan Plan(IStrategy learned) => _errors.Plan((Cached)learned);
}
