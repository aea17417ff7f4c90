using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Conversions that cost nothing where there is nothing to convert.</summary>
internal static class TensorTypes
{
    extension(Tensor x)
    {
        /// <summary>The tensor itself where it has the type: <c>to</c> would make a second handle.</summary>
        public Tensor InType(ScalarType type) => x.dtype == type ? x : x.to(type);
    }
}
