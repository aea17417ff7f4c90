namespace Acceleration;

/// <summary>A batch that failed and is run again, request by request.</summary>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Sampler">What it was sampled with.</param>
/// <param name="Requests">Requests that are run again.</param>
/// <param name="Error">Why.</param>
public sealed record BatchFailed(string Pool, Sampler Sampler, int Requests, Exception Error);
