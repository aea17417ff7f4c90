using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Shape, type and place of what came from outside the library. Reading single sizes costs nothing beside a whole shape.</summary>
internal static class TensorForm
{
    /// <summary><paramref name="answer"/>, where it has the form of <paramref name="like"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not: <paramref name="from"/> is named.</exception>
    public static Tensor Require(Tensor? answer, Tensor like, string from) => IsLike(answer, like) ? answer! : throw Unlike(answer, like, from);

    public static InvalidOperationException Unlike(Tensor? answer, Tensor like, string from) => new($"{from} returned {Of(answer)}; expected {Of(like)}.");

    public static bool IsLike(Tensor? answer, Tensor like) => Exists(answer) && SameShape(answer!, like) && answer!.dtype == like.dtype && SameDevice(answer, like);

    public static bool Exists(Tensor? answer) => answer is { IsInvalid: false };

    public static bool SameShape(Tensor a, Tensor b)
    {
        var dimensions = a.ndim;
        if (dimensions != b.ndim)
        {
            return false;
        }

        for (var i = 0; i < dimensions; i++)
        {
            if (a.size(i) != b.size(i))
            {
                return false;
            }
        }

        return true;
    }

    public static bool SameDevice(Tensor a, Tensor b) => a.device_type == b.device_type && a.device_index == b.device_index;

    public static string Of(Tensor? t) =>
        t is null ? "null" : t.IsInvalid ? "a disposed tensor" : $"{t.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", t.shape)}]{(t.device_type == TorchSharp.DeviceType.CPU ? "" : $" on {t.device}")}";
}
