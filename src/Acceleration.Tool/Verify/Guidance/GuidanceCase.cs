using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One comparison of <see cref="ClassifierFreeCheck"/>.</summary>
/// <param name="Number">Number of the case, from 1.</param>
/// <param name="Suffix">What follows <c>output</c> in its tensors' names.</param>
/// <param name="Scale">s of u + s·(c − u).</param>
/// <param name="DType">Type it is computed in.</param>
/// <param name="Tolerance">Allowed error as a part of each sample's largest magnitude.</param>
/// <param name="Output">The reference.</param>
/// <param name="Counted">Whether evaluations are compared as well.</param>
internal sealed record GuidanceCase(int Number, string Suffix, double Scale, ScalarType DType, double Tolerance, string Output, bool Counted);
