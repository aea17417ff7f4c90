namespace Acceleration;

/// <summary>What a preset did where it was measured.</summary>
/// <param name="On">Network, steps and guidance.</param>
/// <param name="Speedup">Evaluations of the plain sampler over those of the preset.</param>
/// <param name="Decibels">Mean PSNR against the plain sampler's pictures, in dB.</param>
/// <param name="FewerSteps">PSNR of the plain sampler with as many evaluations as the preset has, in dB.</param>
public sealed record PresetFigures(string On, double Speedup, double Decibels, double FewerSteps);
