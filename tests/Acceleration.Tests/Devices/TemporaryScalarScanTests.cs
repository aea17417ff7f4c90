using System.Reflection;
using Acceleration.Models;
using Acceleration.Onnx;
using TorchSharp;

namespace Acceleration.Tests.Devices;

/// <summary>
/// No number reaches TorchSharp as a temporary <c>Scalar</c>, whose finalizer may free it while the native call still reads it. Read from the compiled code of the
/// libraries, and from TorchSharp's own, which tells the members that make such a temporary inside.
/// </summary>
public sealed class TemporaryScalarScanTests
{
    /// <summary>The one place whose scalars live past the call. Splitting a model happens once, outside of requests.</summary>
    private const string Place = "KeptScalars";

    private static readonly HashSet<(Module, int)> Making = MakingATemporary();

    [Fact]
    public void NoCallPassesATemporaryScalar()
    {
        var refused = new[] { typeof(Evaluation).Assembly, typeof(DiT).Assembly, typeof(OnnxDenoiser).Assembly }
            .SelectMany(CalledMembers.ByMethod)
            .Where(m => CalledMembers.Outermost(m.Method).Name != Place && CalledMembers.Outermost(m.Method) != typeof(OnnxSplitter))
            .SelectMany(m => m.Used.Where(u => Makes(u) && !IsAllowed(m.Method, u)).Select(u => $"{CalledMembers.Outermost(m.Method).Name}.{m.Method.Name}: {u}"))
            .ToArray();

        Assert.True(refused.Length == 0, $"Call these through {Place}, which keeps the scalar alive over the call:{Environment.NewLine}{string.Join(Environment.NewLine, refused)}");
    }

    /// <summary>The scan knows conversions, operators that convert, and members that convert inside.</summary>
    [Fact]
    public void TheScanFindsEveryWayToATemporaryScalar()
    {
        var found = CalledMembers.ByMethod(typeof(Makers).Assembly).Where(m => m.Method.DeclaringType == typeof(Makers)).ToDictionary(m => m.Method.Name, m => m.Used.Any(Makes));

        Assert.All([nameof(Makers.Converts), nameof(Makers.Multiplies), nameof(Makers.AddsTensors), nameof(Makers.AddsKept)], name => Assert.True(found[name], name));
        Assert.All([nameof(Makers.MultipliesTensors), nameof(Makers.MultipliesKept), nameof(Makers.AddsKeptTwice)], name => Assert.False(found[name], name));
    }

    /// <summary>A static field holds its scalar for ever; a call of a compiled function converts the numbers among its arguments only.</summary>
    private static bool IsAllowed(MethodBase user, MemberInfo used) => (user.Name == ".cctor" && IsConversion(used)) || (CalledMembers.Outermost(user) == typeof(OneDnn) && used.Name == "invoke");

    /// <summary>TorchSharp's methods that convert a number to a scalar in their own code or in one they call.</summary>
    private static HashSet<(Module, int)> MakingATemporary()
    {
        var callers = CalledMembers.ByMethod(typeof(torch).Assembly).SelectMany(m => m.Used.OfType<MethodBase>().Select(u => (Used: Key(u), User: m.Method))).ToLookup(c => c.Used, c => c.User);
        var making = new HashSet<(Module, int)>();
        var open = new Queue<MethodBase>(typeof(Scalar).GetMethods().Concat(typeof(ScalarExtensionMethods).GetMethods()).Where(IsConversion));
        while (open.TryDequeue(out var next))
        {
            if (making.Add(Key(next)))
            {
                foreach (var caller in callers[Key(next)])
                {
                    open.Enqueue(caller);
                }
            }
        }

        return making;
    }

    private static bool IsConversion(MemberInfo member) => member is MethodInfo { IsStatic: true } method && method.ReturnType == typeof(Scalar) && method.DeclaringType!.Assembly == typeof(torch).Assembly;

    private static bool Makes(MemberInfo member) => member is MethodBase method && Making.Contains(Key(method));

    private static (Module, int) Key(MethodBase method) => (method.Module, method.MetadataToken);

    private static class Makers
    {
        public static torch.Tensor Converts(torch.Tensor x) => x.clamp(0.5, 1);

        public static torch.Tensor Multiplies(torch.Tensor x) => x * 3f;

        public static torch.Tensor AddsTensors(torch.Tensor x) => x + x;

        public static torch.Tensor AddsKept(torch.Tensor x, Scalar kept) => x.add_(kept);

        public static torch.Tensor MultipliesTensors(torch.Tensor x) => x * x;

        public static torch.Tensor MultipliesKept(torch.Tensor x, Scalar kept) => x * kept;

        public static torch.Tensor AddsKeptTwice(torch.Tensor x, Scalar kept) => x.add_(kept, kept);
    }
}
