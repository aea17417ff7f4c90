namespace Acceleration;

/// <summary>How far a request is.</summary>
/// <param name="Step">Steps done, over all stages.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Trace">What the step just done computed and skipped.</param>
/// <param name="Preview">The clean latents predicted now, where <see cref="SamplingRequest.PreviewEvery"/> asks for them.</param>
public sealed record SamplingProgress(int Step, int Steps, StepTrace Trace, LatentsPreview? Preview);

/// <summary>Predicted clean latents as managed memory, free to keep.</summary>
/// <param name="Values">Values in row-major order.</param>
/// <param name="Shape">[samples, channels, ...].</param>
public sealed record LatentsPreview(float[] Values, long[] Shape);
