namespace Acceleration.Models;

/// <summary>What the layers of a UNet are made from.</summary>
/// <param name="Config">Sizes and options.</param>
/// <param name="Weights">The parameters.</param>
/// <param name="Sites">The sites; each layer adds its own.</param>
/// <param name="Times">What residual blocks are told of the time; each notes its part.</param>
/// <param name="Options">Types and device.</param>
internal sealed record UNetLoading(UNetConfig Config, UNetWeights Weights, UNetSites Sites, UNetTimes Times, NetworkOptions Options);
