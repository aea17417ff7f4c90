using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and sets VER_FLG_WEAK on one symbol version it requires, so that the
/// loader reports a missing version only when a symbol of it is really looked up. A library without the requirement is
/// copied unchanged.
/// </summary>
public class MarkVersionRequirementWeak : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const byte WeakFlag = 2;

    [Required]
    public string Library { get; set; }

    [Required]
    public string Requirement { get; set; }

    [Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        byte[] elf = File.ReadAllBytes(Library);
        if (elf.Length < 64 || U32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("{0} is not a 64-bit little-endian ELF file.", Library);
            return false;
        }

        bool found = MarkWeak(elf);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));

        // The destination may be hard-linked into output folders where a program has it mapped, so it is replaced, never
        // written in place.
        string fresh = Destination + ".new";
        File.WriteAllBytes(fresh, elf);
        File.Delete(Destination);
        File.Move(fresh, Destination);
        Log.LogMessage(
            MessageImportance.Normal,
            found ? "{0}: requirement {1} marked weak." : "{0}: no requirement {1}, copied as it is.",
            Destination,
            Requirement);
        return true;
    }

    private bool MarkWeak(byte[] elf)
    {
        bool found = false;
        long sections = (long)U64(elf, 0x28);
        int sectionSize = U16(elf, 0x3a);
        int sectionCount = U16(elf, 0x3c);
        for (int i = 0; i < sectionCount; i++)
        {
            long section = sections + ((long)i * sectionSize);
            if (U32(elf, section + 4) != VersionNeedSection)
            {
                continue;
            }

            long names = (long)U64(elf, sections + (U32(elf, section + 0x28) * sectionSize) + 0x18);
            long need = (long)U64(elf, section + 0x18);
            for (uint step = 1; step != 0; need += step)
            {
                long entry = need + U32(elf, need + 8);
                for (uint next = 1; next != 0; entry += next)
                {
                    if (Name(elf, names + U32(elf, entry + 8)) == Requirement)
                    {
                        elf[entry + 4] |= WeakFlag;
                        found = true;
                    }

                    next = U32(elf, entry + 12);
                }

                step = U32(elf, need + 12);
            }
        }

        return found;
    }

    private static string Name(byte[] elf, long at)
    {
        int end = Array.IndexOf(elf, (byte)0, (int)at);
        return Encoding.ASCII.GetString(elf, (int)at, end - (int)at);
    }

    private static ushort U16(byte[] elf, long at)
    {
        return BitConverter.ToUInt16(elf, (int)at);
    }

    private static uint U32(byte[] elf, long at)
    {
        return BitConverter.ToUInt32(elf, (int)at);
    }

    private static ulong U64(byte[] elf, long at)
    {
        return BitConverter.ToUInt64(elf, (int)at);
    }
}
