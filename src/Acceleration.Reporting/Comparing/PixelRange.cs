namespace Acceleration.Reporting;

/// <summary>Which values of a picture tensor are black and white.</summary>
/// <param name="Black">Value of black.</param>
/// <param name="White">Value of white, above <paramref name="Black"/>.</param>
public readonly record struct PixelRange(double Black, double White);
