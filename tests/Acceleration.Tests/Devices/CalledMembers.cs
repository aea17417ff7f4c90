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
    public static IEnumerable<(Type User, MemberInfo Used)> In(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            var user = type;
            while (user.DeclaringType is { } outer)
            {
                user = outer;
            }

            foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            {
                foreach (var used in Of(method))
                {
                    yield return (user, used);
                }
            }
        }
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
