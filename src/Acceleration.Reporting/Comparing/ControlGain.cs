namespace Acceleration.Reporting;

/// <summary>A setting against the plain sampler that is given the same time by taking fewer steps.</summary>
/// <param name="Steps">Steps that the plain sampler has time for, interpolated.</param>
/// <param name="Psnr">What it reaches with them, in dB against the baseline.</param>
/// <param name="Gain">The setting's PSNR minus <paramref name="Psnr"/>, in dB: above 0, the setting beats fewer steps.</param>
/// <param name="AtLeast">
/// The setting is faster than the fastest control, whose values these are: the true gain is higher still, as fewer steps are worse.
/// </param>
public sealed record ControlGain(double Steps, double Psnr, double Gain, bool AtLeast);
