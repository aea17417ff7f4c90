using static TorchSharp.torch;

namespace Acceleration;

/// <summary>How one call of a network under check ended.</summary>
/// <param name="Output">What it returned, or null.</param>
/// <param name="MultiplyAdds">What the trace says that it computed.</param>
/// <param name="Error">What it threw, or null.</param>
/// <param name="At">The innermost site at that time.</param>
internal readonly record struct CheckedCall(Tensor? Output, double MultiplyAdds, Exception? Error, Site? At);
