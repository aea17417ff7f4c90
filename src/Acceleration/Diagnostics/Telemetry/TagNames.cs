namespace Acceleration;

/// <summary>Names of tags of instruments and activities.</summary>
internal static class TagNames
{
    public const string Network = "acceleration.network";
    public const string Plan = "acceleration.plan";
    public const string Pool = "acceleration.pool";
    public const string Outcome = "acceleration.outcome";
    public const string Samples = "acceleration.samples";
    public const string Steps = "acceleration.steps";
    public const string Evaluations = "acceleration.evaluations";
    public const string FullEvaluations = "acceleration.full_evaluations";
    public const string Requests = "acceleration.requests";

    // OpenTelemetry's own name.
    public const string ErrorType = "error.type";
}
