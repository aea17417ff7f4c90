using System.Reflection;
using Acceleration.Models;
using TorchSharp;

namespace Acceleration.Tests.Devices;

/// <summary>
/// Nothing in the libraries makes the host wait for a device but <c>HostReads</c>. Read from the compiled code, so that no way of writing a call hides it.
/// </summary>
public sealed class HostReadScanTests
{
    /// <summary>TorchSharp's members that need a value, or a number of values, from the device before they return.</summary>
    private static readonly string[] Waiting =
    [
        "item", "cpu", "data", "storage", "tolist", "is_nonzero", "allclose", "Equals", "op_Explicit", "ToScalar", "ToString", "save", "Save", "str", "jlstr", "npstr", "cstr", "print",
        "get_bytes", "WriteBytesToStream", "ReadCpuDouble", "ReadCpuSingle", "ReadCpuInt32", "ReadCpuInt64", "ReadCpuByte", "ReadCpuSByte", "ReadCpuInt16", "ReadCpuBool", "ReadCpuValue",
        "ReadCpuFloat16", "ReadCpuBFloat16", "ToComplexFloat32", "ToComplexFloat64", "ToHalf", "ToBFloat16", "ToSingle", "ToDouble", "ToSByte", "ToByte", "ToInt16", "ToInt32", "ToInt64",
        "ToBoolean", "ToComplex32", "ToComplex64", "nonzero", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount", "combinations", "multinomial", "synchronize", "CPU",
    ];

    /// <summary>Who may use which, and why it makes no step wait.</summary>
    private static readonly Dictionary<string, (string[] Members, string Why)> Allowed = new()
    {
        ["HostReads"] = (["cpu", "data"], "the one place"),
        ["SafetensorsWriter"] = (["get_bytes"], "of a copy in host memory that HostReads made"),
        ["CopiedTensor"] = (["get_bytes", "CPU"], "of a file's tensors, which lie in host memory"),
        ["TruthValues"] = (["ToByte"], "of a file's tensors, which lie in host memory"),
        ["SafetensorsFile"] = (["CPU"], "of a file, which lies in host memory"),
        ["SessionFile"] = (["get_bytes"], "of a file's words, which lie in host memory"),
        ["SessionSum"] = (["get_bytes"], "of a copy in host memory that HostReads made"),
        ["DenoiserInfo"] = (["CPU"], "the default place of a network"),
        ["OneDnn"] = (["CPU"], "asks once per process whether this processor has an operator"),
        ["AttentionProbe"] = (["CPU"], "makes operands of routes that only the CPU has"),
        ["MatrixProduct"] = (["CPU"], "makes operands of routes that only the CPU has"),
        ["LinearGelu"] = (["CPU"], "makes operands of routes that only the CPU has"),
        ["Gelu"] = (["CPU"], "makes operands of routes that only the CPU has"),
        ["MergeCost"] = (["CPU", "synchronize"], "measures for an advice that was asked for"),
        ["AttentionCrossover"] = (["synchronize"], "measures once per process, pattern and size"),
        ["Embedding"] = (["data"], "checks labels only where they lie in host memory"),
        ["DiTPositions"] = (["cpu", "ToDouble"], "recognises a stored table while a file is loaded"),
        ["LoraFile"] = (["data"], "of a file's tensors, which lie in host memory"),
        ["PictureStarts"] = (["cpu"], "encodes a picture before the first step"),
        ["ImagePreparation"] = (["cpu"], "prepares a picture before the first step"),
        ["DiTEmbedder"] = (["Equals"], "recognises equal embeddings while a file is loaded"),
    };

    private static readonly (string User, string Member)[] Found =
    [
        .. new[] { typeof(Evaluation).Assembly, typeof(DiT).Assembly }
            .SelectMany(CalledMembers.In)
            .Where(u => IsTorch(u.Used) && (Waiting.Contains(u.Used.Name) || NeedsValues(u.Used)))
            .Select(u => (u.User.Name, u.Used.Name))
            .Distinct(),
    ];

    [Fact]
    public void OnlyTheOnePlaceReadsValuesFromADevice()
    {
        var refused = Found.Where(f => !Allowed.TryGetValue(f.User, out var a) || !a.Members.Contains(f.Member)).Select(f => $"{f.User}: {f.Member}");

        Assert.True(!refused.Any(), $"Read values through HostReads, which counts them; these wait for the device themselves: {string.Join(", ", refused)}.");
    }

    [Fact]
    public void EveryExceptionIsStillInUse()
    {
        var unused = Allowed.SelectMany(a => a.Value.Members.Select(m => (a.Key, m))).Except(Found);

        Assert.Empty(unused);
    }

    [Fact]
    public void TheScanKnowsTorchSharpsMembers()
    {
        var existing = typeof(torch).Assembly.GetTypes().Where(IsSource).SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)).Select(m => m.Name).ToHashSet();

        Assert.All(Waiting, name => Assert.Contains(name, existing));
    }

    /// <summary>The scan sees through everything that the compiler makes of a method.</summary>
    [Fact]
    public void TheScanFindsReadsInLambdasIteratorsAndGenerics()
    {
        var found = CalledMembers.In(typeof(Readers<>).Assembly).Where(u => u.User == typeof(HostReadScanTests) && IsTorch(u.Used)).Select(u => u.Used).ToArray();

        Assert.Equal(["cpu", "item", "nonzero", "op_Explicit", "repeat_interleave", "where"], found.Where(m => Waiting.Contains(m.Name) || NeedsValues(m)).Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Overloads whose result has as many entries as values say.</summary>
    private static bool NeedsValues(MemberInfo member) => member is MethodBase method && (method.Name, method.GetParameters()) switch
    {
        ("repeat_interleave", var p) => p.Any(x => x.Name == "repeats" && x.ParameterType == typeof(torch.Tensor)),
        ("where", { Length: 1 }) => true,
        ("get_Item", var p) => p.Any(x => x.ParameterType == typeof(torch.Tensor)),
        ("Tensor", _) => method.DeclaringType == typeof(torch.TensorIndex),
        _ => false,
    };

    private static bool IsTorch(MemberInfo member) => member.DeclaringType is { } type && IsSource(type);

    private static bool IsSource(Type type) => type.Assembly == typeof(torch).Assembly
        && (type == typeof(torch.Tensor) || type == typeof(torch) || type == typeof(TensorExtensionMethods) || type == typeof(torch.cuda) || type == typeof(torch.TensorIndex));

    private static class Readers<T>
        where T : unmanaged
    {
        public static Func<T> Lambda(torch.Tensor x) => () => x.item<T>();

        public static IEnumerable<torch.Tensor> Iterator(torch.Tensor x)
        {
            yield return x.nonzero();
            yield return x.repeat_interleave(x);
            yield return torch.where(x)[0];
            yield return torch.where(x, x, x);
        }

        public static bool Cast<TOther>(torch.Tensor x) => (bool)x && x.cpu() is TOther;
    }
}
