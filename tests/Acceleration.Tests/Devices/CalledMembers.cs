using System.Reflection;
using System.Reflection.Emit;

namespace Acceleration.Tests.Devices;

/// <summary>The members that compiled methods refer to, read from their instructions.</summary>
internal static class CalledMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private const byte TwoByteOpcode = 0xFE;

    private static readonly Dictionary<short, OpCode> Opcodes = typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>Every use of a method or field in an assembly, with the outermost written type that contains it; lambdas and iterators count as their type's.</summary>
    public static IEnumerable<(Type User, MemberInfo Used)> In(Assembly assembly) => ByMethod(assembly).SelectMany(m => m.Used.Select(u => (Outermost(m.Method), u)));

    /// <summary>Every method and constructor written in an assembly, with what it refers to.</summary>
    public static IEnumerable<(MethodBase Method, MemberInfo[] Used)> ByMethod(Assembly assembly) =>
        assembly.GetTypes().SelectMany(t => t.GetMethods(Declared).Concat<MethodBase>(t.GetConstructors(Declared))).Select(m => (m, Of(m).ToArray()));

    /// <summary>The outermost written type that contains a method.</summary>
    public static Type Outermost(MethodBase method)
    {
        var type = method.DeclaringType!;
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private static IEnumerable<MemberInfo> Of(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            var opcode = Opcodes[code[at] == TwoByteOpcode ? (short)((TwoByteOpcode << 8) | code[at + 1]) : code[at]];
            at += opcode.Size;
            if (opcode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
            }

            at += opcode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
