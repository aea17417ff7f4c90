namespace Acceleration.Tool;

/// <summary>What a class of DiT calls its inputs.</summary>
/// <param name="Latents">Noisy latents.</param>
/// <param name="Time">Training timesteps.</param>
/// <param name="Labels">Class labels.</param>
internal sealed record DiTInputs(string Latents, string Time, string Labels);
