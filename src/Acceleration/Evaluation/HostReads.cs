using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The one place where the library reads values of a device tensor back to the host.</summary>
internal static class HostReads
{
    public static float[] Read(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
